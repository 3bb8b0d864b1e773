package org.contactsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two owners never have one key. */
class OwnerTest {
    /** As UTF-8 each of these would be a question mark. */
    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a\uDE00b", "\uDE00\uD83D"})
    void noSurrogateStandsAlone(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Owner("issuer", name));
        assertThatIllegalArgumentException().isThrownBy(() -> new Owner(name, "subject"));
    }

    /** The example of {@code docs/operations.md}, computed there by the command. */
    @Test
    void anOperatorCanComputeTheKey() {
        assertThat(new Owner("https://login.example.org/realms/voip", "ada").key())
                .isEqualTo("mYOs59S9lb2zvwOk3zPMO6TMjZZNZTamN4Cs7IDcUHM");
    }

    @Test
    void differentOwnersHaveDifferentKeys() {
        assertThat(new Owner("issuer", "\uD83D\uDE00").key())
                .isNotEqualTo(new Owner("issuer", "?").key())
                .hasSize(43);
        assertThat(new Owner("a", "bc").key()).isNotEqualTo(new Owner("ab", "c").key());
    }
}
