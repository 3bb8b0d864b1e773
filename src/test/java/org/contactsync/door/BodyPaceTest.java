package org.contactsync.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;

class BodyPaceTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final BodyPace pace = new BodyPace(nanos::get);

    @Test
    void letsAnyBodyBeSlowAtFirst() {
        pass(BodyPace.GRACE);
        pace.check(1);
    }

    @Test
    void endsWhatComesInDrops() {
        pass(BodyPace.GRACE.plusSeconds(1));
        pace.check(BodyPace.LEAST_BYTES_PER_SECOND);
        refused(BodyPace.LEAST_BYTES_PER_SECOND - 1);
        pass(Duration.ofSeconds(9));
        refused(10L * BodyPace.LEAST_BYTES_PER_SECOND - 1);
        pace.check(10L * BodyPace.LEAST_BYTES_PER_SECOND);
    }

    @Test
    void endsWhatTakesTooLongAtAnyPace() {
        pass(BodyPace.MOST);
        pace.check(4_000_000);
        pass(Duration.ofMillis(1));
        refused(4_000_000);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void refused(long bytes) {
        assertThatThrownBy(() -> pace.check(bytes))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.REQUEST_TIMEOUT));
    }
}
