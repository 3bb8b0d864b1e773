package org.contactsync.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.contactsync.protocol.Owner;
import org.contactsync.settings.RequestRate;
import org.junit.jupiter.api.Test;

class UserBucketsTest {
    private static final int USERS = 3;
    private static final Owner ONE = new Owner("issuer", "one");
    private static final Owner OTHER = new Owner("issuer", "other");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final UserBuckets buckets = new UserBuckets(new RequestRate(10, 20), USERS, nanos::get);

    @Test
    void givesABurstAndThenTheRate() {
        takeAll(ONE);
        assertThat(buckets.take(ONE, 1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(101));
        pass(Duration.ofMillis(99));
        assertThat(buckets.take(ONE, 1)).isPositive();
        pass(Duration.ofMillis(2));
        assertThat(buckets.take(ONE, 1)).isZero();
        assertThat(buckets.take(ONE, 1)).isPositive();
        assertThat(buckets.take(OTHER, 1)).isZero();
    }

    @Test
    void savesNoMoreThanABurst() {
        takeAll(ONE);
        pass(Duration.ofDays(1));
        assertThat(buckets.left(ONE)).isEqualTo(20);
        takeAll(ONE);
        assertThat(buckets.take(ONE, 1)).isPositive();
    }

    @Test
    void waitsForAsManyAsAreWantedAndTakesNoneMeanwhile() {
        assertThat(buckets.take(ONE, 15)).isZero();
        assertThat(buckets.take(ONE, 15)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1001));
        assertThat(buckets.left(ONE)).isEqualTo(5);
        pass(Duration.ofMillis(1001));
        assertThat(buckets.take(ONE, 15)).isZero();
    }

    @Test
    void letsWhatIsMoreThanABurstHaveAll() {
        assertThat(buckets.take(ONE, 1_000)).isZero();
        assertThat(buckets.left(ONE)).isZero();
        pass(Duration.ofSeconds(2));
        assertThat(buckets.take(ONE, 1_000)).isZero();
    }

    @Test
    void givesBack() {
        takeAll(ONE);
        buckets.giveBack(ONE);
        assertThat(buckets.take(ONE, 1)).isZero();
        pass(Duration.ofDays(1));
        buckets.giveBack(ONE);
        assertThat(buckets.left(ONE)).isEqualTo(20);
    }

    @Test
    void remembersTheUsersWhoCameLast() {
        takeAll(ONE);
        for (int i = 1; i < USERS; i++) {
            takeAll(new Owner("issuer", "user" + i));
        }
        assertThat(buckets.take(ONE, 1)).isPositive();
        takeAll(OTHER);
        assertThat(buckets.take(ONE, 1)).isPositive();
        for (int i = 0; i < 1_000; i++) {
            buckets.take(new Owner("issuer", "more" + i), 1);
        }
        assertThat(buckets.users()).isEqualTo(USERS);
        assertThat(buckets.take(ONE, 1)).isZero();
    }

    private void takeAll(Owner owner) {
        for (int i = 0; i < 20; i++) {
            assertThat(buckets.take(owner, 1)).isZero();
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
