package org.contactsync.queue.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failure of the database is taken for, by its SQLSTATE. */
class TransientFailureTest {
    private static final Duration AFTER = Duration.ofSeconds(1);

    @ParameterizedTest
    @CsvSource({
        "53100, true, the disk of the database is full",
        "53300, true, the database did not answer in time",
        "57014, true, the database did not answer in time",
        "08006, true, the database did not answer in time",
        "23505, false, the database did not answer in time",
    })
    void knowsWhatPassesAndWhatIsSaidOfIt(String state, boolean passes, String detail) {
        RuntimeException failure = new IllegalStateException(new SQLException("text", state));

        assertThat(TransientFailure.is(failure)).isEqualTo(passes);
        assertThat(TransientFailure.problem(failure, AFTER).detail()).isEqualTo(detail);
    }

    @Test
    void aFailureOfTheServiceDoesNotPass() {
        assertThat(TransientFailure.is(new IllegalStateException())).isFalse();
    }
}
