package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckKeyTest {
    private static final String ZEROS = "A".repeat(43);

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 64})
    void refusesAnyOtherNumberOfBytesThan32(int length) {
        assertThatThrownBy(() -> CheckKey.of(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("check key: 32 bytes, not " + length);
    }

    @Test
    void isReadFromTheBase64UrlItWrites() {
        CheckKey key = CheckKey.random(new SecureRandom());

        assertThat(key.base64Url()).hasSize(43).matches("[A-Za-z0-9_-]+");
        assertThat(CheckKey.ofBase64Url(key.base64Url())).isEqualTo(key).hasSameHashCodeAs(key);
    }

    @Test
    void acceptsPadding() {
        assertThat(CheckKey.ofBase64Url(ZEROS + "=")).isEqualTo(CheckKey.of(new byte[32]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AAAA", "+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "not base64"})
    void refusesWhatIsNotBase64UrlOf32Bytes(String text) {
        assertThatThrownBy(() -> CheckKey.ofBase64Url(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isItsOwnWhateverHappensToTheArrays() {
        byte[] bytes = new byte[32];
        CheckKey key = CheckKey.of(bytes);

        bytes[0] = 1;
        key.bytes()[1] = 1;

        assertThat(key.bytes()).containsOnly(0);
    }

    @Test
    void isRandom() {
        SecureRandom random = new SecureRandom();

        assertThat(CheckKey.random(random)).isNotEqualTo(CheckKey.random(random));
        assertThat(CheckKey.random(random).bytes()).isNotEqualTo(new byte[32]);
    }

    @Test
    void equalsByItsBytes() {
        byte[] other = new byte[32];
        Arrays.fill(other, (byte) 7);

        assertThat(CheckKey.of(new byte[32]))
                .isNotEqualTo(CheckKey.of(other))
                .isNotEqualTo(ZEROS)
                .doesNotHaveSameHashCodeAs(CheckKey.of(other));
    }

    @Test
    void isNeverShown() {
        assertThat(CheckKey.of(new byte[32])).hasToString("CheckKey[secret]");
    }
}
