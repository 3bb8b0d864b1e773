package org.contactsync.queue.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupMetricsTest {
    @ParameterizedTest
    @CsvSource({"2, 2-3", "3, 2-3", "4, 4-7", "7, 4-7", "8, 8-15", "15, 8-15", "16, 16-31", "31, 16-31", "32, 32"})
    void aNumberOfChangesIsInOneRange(int number, String range) {
        assertThat(GroupMetrics.range(number)).isEqualTo(range);
    }
}
