package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentHashTest {
    private static final String HEX = "00ff09af".repeat(8);

    @Test
    void isReadFromTheHexItWrites() {
        ContentHash hash = ContentHash.ofHex(HEX);

        assertThat(hash.hex()).isEqualTo(HEX);
        assertThat(hash).hasToString(HEX);
        assertThat(ContentHash.of(hash.bytes())).isEqualTo(hash).hasSameHashCodeAs(hash);
    }

    /** Among them upper case, the neighbours of the allowed characters, and digits that are not ASCII. */
    @ParameterizedTest
    @ValueSource(strings = {"A", "F", "g", "/", ":", "`", "@", " ", "٣", "７", "é"})
    void refusesWhatIsNotALowerCaseHexDigit(String digit) {
        assertThatThrownBy(() -> ContentHash.ofHex("0".repeat(63) + digit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("content hash: 64 lower-case hex digits");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 62, 63, 65, 66, 128})
    void refusesAnyOtherNumberOfDigits(int digits) {
        assertThatThrownBy(() -> ContentHash.ofHex("0".repeat(digits)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("content hash: 64 lower-case hex digits");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void refusesAnyOtherNumberOfBytes(int length) {
        assertThatThrownBy(() -> ContentHash.of(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("content hash: 32 bytes, not " + length);
    }

    @Test
    void isItsOwnWhateverHappensToTheArrays() {
        byte[] bytes = new byte[32];
        ContentHash hash = ContentHash.of(bytes);

        bytes[0] = 1;
        hash.bytes()[1] = 1;

        assertThat(hash.bytes()).containsOnly(0);
    }

    @Test
    void equalsByItsBytes() {
        ContentHash hash = ContentHash.ofHex(HEX);
        ContentHash other = ContentHash.ofHex("1".repeat(64));

        assertThat(hash).isNotEqualTo(other).isNotEqualTo(HEX).doesNotHaveSameHashCodeAs(other);
    }
}
