package org.contactsync.door;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTest {
    /** Protocol 3.7.1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "handling=lenient",
                "respond-async, Handling = \"lenient\"",
                "wait=10;x, handling=lenient, handling=strict"
            })
    void leavesOutWhatIsAtFaultWhenAsked(String prefer) {
        assertThat(Preferences.isLenient(prefer)).isTrue();
    }

    /** RFC 7240 §2: the first of two counts. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "handling=strict", "handling=strict, handling=lenient", "handling", "handling=lenientish"})
    void refusesEverythingOtherwise(String prefer) {
        assertThat(Preferences.isLenient(prefer)).isFalse();
    }
}
