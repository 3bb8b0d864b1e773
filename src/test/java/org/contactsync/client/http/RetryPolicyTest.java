package org.contactsync.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** How long is waited before a request is repeated. */
public class RetryPolicyTest {
    public static Predicate<Duration> isUpToHalfMoreThan(Duration least) {
        return delay -> delay.compareTo(least) >= 0
                && delay.compareTo(least.multipliedBy(3).dividedBy(2)) <= 0;
    }

    @Test
    void delaysDoubleUpToTheLongest() {
        RetryPolicy policy = new RetryPolicy(3, 12, Duration.ofMillis(300), Duration.ofSeconds(8));

        assertThat(policy.delayAfter(1)).isEqualTo(Duration.ofMillis(300));
        assertThat(policy.delayAfter(3)).isEqualTo(Duration.ofMillis(1200));
        assertThat(policy.delayAfter(6)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.delayAfter(1_000_000)).isEqualTo(Duration.ofSeconds(8));
    }

    /** Never sooner: what the server asks for is a lower bound. */
    @Test
    void aDelayIsSpreadUpToHalfMore() {
        Duration delay = Duration.ofSeconds(2);

        assertThat(RetryPolicy.spread(delay, 0)).isEqualTo(delay);
        assertThat(RetryPolicy.spread(delay, 0.5)).isEqualTo(Duration.ofMillis(2500));
        assertThat(RetryPolicy.spread(delay, 1)).isEqualTo(Duration.ofSeconds(3));
        assertThat(RetryPolicy.spread(Duration.ZERO, 1)).isZero();
    }
}
