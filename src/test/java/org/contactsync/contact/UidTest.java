package org.contactsync.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UidTest {
    @Test
    void refusesAnEmptyUid() {
        assertThatThrownBy(() -> new Uid(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uid: a uid has at least 1 byte");
    }

    /** The first and the last character of each length. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\u007f", "\u0080", "\u07ff", "\u0800", "\uffff", "\ud800\udc00", "\udbff\udfff"})
    void countsBytesOfUtf8NotCharacters(String character) {
        int bytes = character.getBytes(StandardCharsets.UTF_8).length;
        String longest = character.repeat(Uid.MAX_BYTES / bytes) + "x".repeat(Uid.MAX_BYTES % bytes);

        assertThat(new Uid(longest).utf8()).hasSize(255);
        assertThatThrownBy(() -> new Uid(longest + "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uid: a uid has at most 255 bytes of UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\tb", "a\nb", "\n", "a\u0000", "\u001fb", "a\rb"})
    void refusesControlCharacters(String value) {
        assertThatThrownBy(() -> new Uid(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uid: a uid holds no control characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ude00b", "\ude00\ud83d"})
    void refusesSurrogatesThatStandAlone(String value) {
        assertThatThrownBy(() -> new Uid(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a surrogate stands alone");
    }

    @ParameterizedTest
    @ValueSource(strings = {" x ", "Zoe\u0308", "Zo\u00eb", "A", "a", "../%2F?#\"\\"})
    void leavesWhatItIsGivenAsItIs(String value) {
        assertThat(new Uid(value).value()).isEqualTo(value);
        assertThat(new Uid(value)).hasToString(value);
    }

    /** UTF-16 order would put the emoji, which begins with a surrogate, before U+FFFD. */
    @Test
    void sortsByCodePoint() {
        Uid emoji = new Uid("😀");
        Uid replacement = new Uid("\ufffd");
        Uid shorter = new Uid("a");
        Uid longer = new Uid("aa");

        assertThat(new TreeSet<>(List.of(emoji, longer, replacement, shorter)))
                .containsExactly(shorter, longer, replacement, emoji);
    }

    @Test
    void givesItsBytesAway() {
        Uid uid = new Uid("ab");

        uid.utf8()[0] = 'x';

        assertThat(uid.utf8()).containsExactly('a', 'b');
    }
}
