package org.contactsync.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.contactsync.bounds.UserPlaces;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.Deadline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadingPlacesTest {
    private static final Owner OWNER = new Owner("issuer", "one");
    private static final Owner OTHER = new Owner("issuer", "other");

    private final CountDownLatch slow = new CountDownLatch(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        slow.countDown();
        threads.shutdown();
    }

    @Test
    void refusesOneTooManyAfterAMoment() throws InterruptedException {
        ReadingPlaces places = places(1, 1, Duration.ofMillis(50));
        CompletableFuture<String> first = taken(places);
        assertThatThrownBy(() -> places.run(OTHER, () -> "second"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().retryAfter()).isPresent());
        assertThat(places.runIfFree(OTHER, () -> "third")).isEmpty();
        slow.countDown();
        assertThat(first.join()).isEqualTo("first");
        assertThat(places.run(OTHER, () -> "fourth")).isEqualTo("fourth");
        assertThat(places.runIfFree(OTHER, () -> "fifth")).hasValue("fifth");
    }

    @Test
    void refusesAtOnceWhenEnoughWait() throws InterruptedException {
        ReadingPlaces places = places(1, 0, Duration.ofDays(1));
        taken(places);
        assertThatThrownBy(() -> places.run(OTHER, () -> "second")).isInstanceOf(ProblemException.class);
    }

    @Test
    void waitsForAPlaceThatIsGivenBack() throws InterruptedException {
        ReadingPlaces places = places(1, 1, Duration.ofDays(1));
        taken(places);
        CompletableFuture<String> second =
                CompletableFuture.supplyAsync(() -> places.run(OTHER, () -> "second"), threads);
        slow.countDown();
        assertThat(second.join()).isEqualTo("second");
    }

    @Test
    void givesThePlaceBackWhenTheWorkFails() {
        ReadingPlaces places = places(1, 0, Duration.ZERO);
        Supplier<String> failing = () -> {
            throw new IllegalStateException("no database");
        };
        assertThatThrownBy(() -> places.run(OTHER, failing)).isInstanceOf(IllegalStateException.class);
        assertThat(places.run(OTHER, () -> "next")).isEqualTo("next");
    }

    @Test
    void answersInTimeAndKeepsThePlaceOfWhatGoesOn() throws InterruptedException {
        ReadingPlaces places = new ReadingPlaces(
                new UserPlaces(1, 1), new UserPlaces(0, 1), Duration.ZERO, Duration.ofSeconds(1), threads);
        assertThatThrownBy(() -> places.run(OTHER, () -> {
                    await(slow);
                    return "late";
                }))
                .isInstanceOf(ProblemException.class);
        assertThat(places.runIfFree(OTHER, () -> "second")).isEmpty();
        slow.countDown();
        while (places.runIfFree(OTHER, () -> "third").isEmpty()) {
            Thread.sleep(10);
        }
    }

    @Test
    void tellsAUserWhoReadsTooMuchAtOnceAndLetsOthersRead() throws InterruptedException {
        ReadingPlaces places = new ReadingPlaces(
                new UserPlaces(8, 1), new UserPlaces(8, 1), Duration.ofMillis(10), Duration.ofSeconds(20), threads);
        taken(places);
        assertThatThrownBy(() -> places.run(OWNER, () -> "second"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.QUOTA_EXCEEDED));
        assertThat(places.run(OTHER, () -> "other")).isEqualTo("other");
    }

    @Test
    void tellsAReadingThatNobodyWaitsForItAnyMore() throws InterruptedException {
        ReadingPlaces places = new ReadingPlaces(
                new UserPlaces(1, 1), new UserPlaces(0, 1), Duration.ZERO, Duration.ofSeconds(1), threads);
        CountDownLatch ended = new CountDownLatch(1);
        assertThatThrownBy(() -> places.run(OTHER, () -> {
                    try {
                        while (true) {
                            Deadline.current().check();
                            Thread.onSpinWait();
                        }
                    } finally {
                        ended.countDown();
                    }
                }))
                .isInstanceOf(ProblemException.class);
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private ReadingPlaces places(int most, int waiting, Duration moment) {
        return new ReadingPlaces(
                new UserPlaces(most, most), new UserPlaces(waiting, 1), moment, Duration.ofSeconds(20), threads);
    }

    private CompletableFuture<String> taken(ReadingPlaces places) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(
                () -> places.run(OWNER, () -> {
                    begun.countDown();
                    await(slow);
                    return "first";
                }),
                threads);
        begun.await();
        return first;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
