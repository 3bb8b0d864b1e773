package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.contactsync.contact.ArbitraryCards;
import org.contactsync.contact.Uid;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
    private final CheckKey key = CheckKey.of(new byte[CheckKey.BYTES]);

    @Property
    void isWrittenInFourLowerCaseHexDigits(@ForAll @IntRange(max = 0xffff) int value) {
        String hex = new Position(value).hex();

        assertThat(hex).matches("[0-9a-f]{4}");
        assertThat(Integer.parseInt(hex, 16)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0x10000, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesWhatIsNotOfTwoBytes(int value) {
        assertThatThrownBy(() -> new Position(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("position: 0 to 65535, not " + value);
    }

    @Property
    void ofAUidIsAlwaysTheSame(@ForAll("uids") Uid uid) {
        CheckCodes one = new CheckCodes(key);
        CheckCodes other = new CheckCodes(key);

        Position first = one.position(uid);

        assertThat(one.position(new Uid(uid.value()))).isEqualTo(first);
        assertThat(other.position(uid)).isEqualTo(first);
    }

    @Provide
    Arbitrary<Uid> uids() {
        return ArbitraryCards.uids();
    }
}
