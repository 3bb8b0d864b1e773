package org.contactsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 3.13. */
class PriorityTest {
    @ParameterizedTest
    @ValueSource(strings = {"u=0", "u=1, i", "i,u=2", " u=2 ;x=y ", "u=7, u=1", "unknown=4, u=1"})
    void urgentMeansAPerson(String header) {
        assertThat(Priority.ofHeader(header)).isEqualTo(Priority.USER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "i",
                "u=3",
                "u=7",
                "u=1, u=5",
                "u=8",
                "u=-1",
                "u=1.5",
                "u = 1",
                "U=1",
                "u=\"1\"",
                "xu=1",
                ",;,="
            })
    void everythingElseMeansTheBackground(String header) {
        assertThat(Priority.ofHeader(header)).isEqualTo(Priority.BACKGROUND);
    }
}
