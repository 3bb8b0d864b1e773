package org.contactsync.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.protocol.Owner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AwaitedPlacesTest {
    private static final Owner ADA = new Owner("issuer", "ada");
    private static final Owner BOB = new Owner("issuer", "bob");
    private static final Owner EVE = new Owner("issuer", "eve");
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final UserPlaces working = new UserPlaces(1, 1);
    private final UserPlaces waiting = new UserPlaces(1, 1);
    private final AwaitedPlaces places = new AwaitedPlaces(working, waiting, FOR_EVER);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void aUserWhoHasMostWaitsForOthersOnly() {
        assertThat(places.takeUnlessUserHasMost(ADA)).isEqualTo(Grant.GIVEN);
        assertThat(places.takeUnlessUserHasMost(ADA)).isEqualTo(Grant.USER_HAS_MOST);

        CompletableFuture<Grant> bob = waits(() -> places.takeUnlessUserHasMost(BOB));
        places.release(ADA);

        assertThat(bob.join()).isEqualTo(Grant.GIVEN);
        assertAllIsReturned(BOB);
    }

    @Test
    void aUserWhoHasMostWaitsForItsOwn() {
        assertThat(places.take(ADA)).isEqualTo(Grant.GIVEN);

        CompletableFuture<Grant> again = waits(() -> places.take(ADA));
        places.release(ADA);

        assertThat(again.join()).isEqualTo(Grant.GIVEN);
        assertAllIsReturned(ADA);
    }

    @Test
    void fewWaitAndTheOthersAreRefusedAtOnce() {
        assertThat(places.take(ADA)).isEqualTo(Grant.GIVEN);
        CompletableFuture<Grant> bob = waits(() -> places.take(BOB));

        assertThat(places.take(EVE)).isEqualTo(Grant.FULL);
        assertThat(places.take(BOB)).isEqualTo(Grant.USER_HAS_MOST);
        assertThat(places.takeNow(EVE)).isEqualTo(Grant.FULL);
        assertThat(bob).isNotDone();

        places.release(ADA);
        assertThat(bob.join()).isEqualTo(Grant.GIVEN);
        assertAllIsReturned(BOB);
    }

    @Test
    void theWaitEnds() {
        AwaitedPlaces brief = new AwaitedPlaces(working, waiting, Duration.ofMillis(10));
        assertThat(brief.take(ADA)).isEqualTo(Grant.GIVEN);
        assertThat(brief.take(BOB)).isEqualTo(Grant.FULL);
        assertThat(brief.take(ADA)).isEqualTo(Grant.USER_HAS_MOST);
        assertAllIsReturned(ADA);
    }

    @Test
    void whoIsInterruptedGetsNone() throws InterruptedException {
        assertThat(places.take(ADA)).isEqualTo(Grant.GIVEN);
        CompletableFuture<Grant> bob = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            bob.complete(places.take(BOB));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
        thread.start();
        thread.interrupt();
        thread.join();
        assertThat(bob.join()).isEqualTo(Grant.FULL);
        assertAllIsReturned(ADA);
    }

    private CompletableFuture<Grant> waits(Supplier<Grant> taking) {
        CompletableFuture<Grant> grant = CompletableFuture.supplyAsync(taking, threads);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> waiting.free() == 0);
        assertThat(grant).isNotDone();
        return grant;
    }

    /** But for the place that this user still has. */
    private void assertAllIsReturned(Owner last) {
        places.release(last);
        assertThat(working.free()).isEqualTo(1);
        assertThat(waiting.free()).isEqualTo(1);
    }
}
