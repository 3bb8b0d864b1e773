package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckCodesTest {
    private static final CheckKey KEY = CheckKey.of(new byte[CheckKey.BYTES]);
    private final CheckCodes codes = new CheckCodes(KEY);
    private final ContentHash hash = ContentHash.of(new byte[32]);

    @Test
    void nodesAreTheFirst16BytesOfWhatTheRootHasInFull() {
        byte[] root = codes.node("", BookDigest.EMPTY);
        byte[] full = Base64.getUrlDecoder()
                .decode(codes.checkCode(BookDigest.EMPTY).value().substring(4));

        assertThat(root).hasSize(16);
        assertThat(full).hasSize(32).startsWith(root);
    }

    @Test
    void aNodeDependsOnItsPlace() {
        assertThat(codes.node("0", BookDigest.EMPTY))
                .isNotEqualTo(codes.node("00", BookDigest.EMPTY))
                .isNotEqualTo(codes.node("1", BookDigest.EMPTY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A3", "g", "-1", "٣", "é", "00000"})
    void thereIsNoNodeWithoutAPlace(String prefix) {
        assertThatThrownBy(() -> codes.node(prefix, BookDigest.EMPTY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prefix: 0 to 4 lower-case hex digits");
    }

    @Test
    void anEntryDependsOnUidAndContent() {
        EntrySum entry = codes.entry(new Uid("a"), hash);
        byte[] other = new byte[32];
        other[31] = 1;

        assertThat(entry)
                .isNotEqualTo(codes.entry(new Uid("b"), hash))
                .isNotEqualTo(codes.entry(new Uid("a"), ContentHash.of(other)));
    }

    @Test
    void theSameAgainComesToTheSame() {
        EntrySum first = codes.entry(new Uid("a"), hash);
        codes.position(new Uid("b"));
        codes.checkCode(BookDigest.EMPTY.plus(first));

        assertThat(codes.entry(new Uid("a"), hash)).isEqualTo(first);
        assertThat(new CheckCodes(KEY).entry(new Uid("a"), hash)).isEqualTo(first);
    }
}
