package org.contactsync.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.junit.jupiter.api.Test;

class LargeReadingsTest {
    private static final Owner ADA = new Owner("https://issuer.example", "ada");
    private static final Owner BOB = new Owner("https://issuer.example", "bob");

    private final LargeReadings readings = new LargeReadings();

    @Test
    void oneOfAUserAtATime() {
        try (LargeReadings.Turn first = readings.of(ADA);
                LargeReadings.Turn second = readings.of(ADA);
                LargeReadings.Turn other = readings.of(BOB)) {
            first.take();
            first.take();
            other.take();
            assertThatThrownBy(second::take)
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem()).isInstanceOf(Problem.QuotaExceeded.class));
        }
        try (LargeReadings.Turn next = readings.of(ADA)) {
            next.take();
        }
    }

    /** The one that was refused does not make room for a third. */
    @Test
    void onlyTheOneThatHasTakenItsTurnGivesItBack() {
        try (LargeReadings.Turn first = readings.of(ADA)) {
            first.take();
            try (LargeReadings.Turn small = readings.of(ADA)) {
                assertThat(small).isNotSameAs(first);
            }
            try (LargeReadings.Turn refused = readings.of(ADA)) {
                assertThatThrownBy(refused::take).isInstanceOf(ProblemException.class);
            }
            try (LargeReadings.Turn third = readings.of(ADA)) {
                assertThatThrownBy(third::take).isInstanceOf(ProblemException.class);
            }
        }
    }
}
