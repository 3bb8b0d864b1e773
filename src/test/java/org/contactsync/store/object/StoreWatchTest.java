package org.contactsync.store.object;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A store that is away is tried by one call in a while. */
class StoreWatchTest {
    private long now = 1;
    private final StoreWatch watch = new StoreWatch(() -> now);

    @Test
    void aFailureOrTwoDoNotMatter() {
        watch.recordFailure();
        watch.recordFailure();

        assertThat(watch.mayTry()).isTrue();
        assertThat(watch.isFine()).isTrue();
        watch.recordSuccess("GET");
        watch.recordFailure();
        watch.recordFailure();
        assertThat(watch.mayTry()).isTrue();
    }

    @Test
    void afterSomeInARowOneCallTriesItInAWhile() {
        fail();
        assertThat(watch.mayTry()).isFalse();
        assertThat(watch.isFine()).isFalse();
        now += StoreWatch.PAUSE.toNanos();
        assertThat(watch.mayTry()).isTrue();
        assertThat(watch.mayTry()).as("the first one is still under way").isFalse();

        watch.recordFailure();
        now += StoreWatch.PAUSE.toNanos() - 1;
        assertThat(watch.mayTry()).isFalse();
        now++;
        assertThat(watch.mayTry()).isTrue();
    }

    @Test
    void oneSuccessOpensItForAll() {
        fail();
        now += StoreWatch.PAUSE.toNanos();
        assertThat(watch.mayTry()).isTrue();
        watch.recordSuccess("GET");

        assertThat(watch.mayTry()).isTrue();
        assertThat(watch.mayTry()).isTrue();
        assertThat(watch.isFine()).isTrue();
    }

    /** A wrong key is told at once: nobody has to be kept from asking, and what works goes on. */
    @Test
    void refusalsAreToldButKeepNobodyFromTrying() {
        for (int i = 0; i < StoreWatch.FAILURES; i++) {
            assertThat(watch.isFine()).isTrue();
            watch.recordRefusal("GET");
        }

        assertThat(watch.isFine()).isFalse();
        assertThat(watch.mayTry()).isTrue();
        assertThat(watch.mayTry()).isTrue();
        watch.recordSuccess("GET");
        assertThat(watch.isFine()).isTrue();
    }

    /** A key that may not remove would not be noticed beside readings. */
    @Test
    void whatWorksDoesNotHideWhatIsRefused() {
        for (int i = 0; i < StoreWatch.FAILURES; i++) {
            watch.recordRefusal("DELETE");
            watch.recordSuccess("GET");
        }
        assertThat(watch.isFine()).isFalse();
        watch.recordSuccess("DELETE");
        assertThat(watch.isFine()).isTrue();
    }

    @Test
    void aStoreThatRefusesAnswers() {
        fail();
        now += StoreWatch.PAUSE.toNanos();
        assertThat(watch.mayTry()).isTrue();
        watch.recordRefusal("GET");

        assertThat(watch.mayTry()).isTrue();
    }

    private void fail() {
        for (int i = 0; i < StoreWatch.FAILURES; i++) {
            assertThat(watch.mayTry()).isTrue();
            watch.recordFailure();
        }
    }
}
