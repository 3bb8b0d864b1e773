package org.contactsync.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    @Test
    void doublesUpToAnHour() {
        assertThat(IntStream.of(1, 2, 3, 4, 12, 13, 1_000_000)
                        .mapToObj(failed -> BackOff.ofDelivery(failed, 1))
                        .map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 2_048L, 3_600L, 3_600L);
    }

    @Test
    void spreadsAttemptsOverHalfOfTheTime() {
        assertThat(BackOff.ofDelivery(4, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(BackOff.ofDelivery(4, 0.5)).isEqualTo(Duration.ofSeconds(6));
    }

    /** One message that an endpoint does not like must not hold up the others. */
    @Test
    void pausesAnEndpointOnlyAfterFailuresInARow() {
        assertThat(IntStream.of(1, 2, 3, 4, 12, 1_000_000)
                        .mapToObj(failures -> BackOff.ofEndpoint(failures, 1))
                        .map(Duration::toSeconds))
                .containsExactly(0L, 0L, 1L, 2L, 300L, 300L);
        assertThat(BackOff.isTrouble(2)).isFalse();
        assertThat(BackOff.isTrouble(3)).isTrue();
    }
}
