package org.contactsync.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.contactsync.protocol.ProblemException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadingPlacesTest {
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
        assertThatThrownBy(() -> places.in(() -> "second"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().retryAfter()).isPresent());
        assertThat(places.ifFree(() -> "third")).isEmpty();
        slow.countDown();
        assertThat(first.join()).isEqualTo("first");
        assertThat(places.in(() -> "fourth")).isEqualTo("fourth");
        assertThat(places.ifFree(() -> "fifth")).hasValue("fifth");
    }

    @Test
    void refusesAtOnceWhenEnoughWait() throws InterruptedException {
        ReadingPlaces places = places(1, 0, Duration.ofDays(1));
        taken(places);
        assertThatThrownBy(() -> places.in(() -> "second")).isInstanceOf(ProblemException.class);
    }

    @Test
    void waitsForAPlaceThatIsGivenBack() throws InterruptedException {
        ReadingPlaces places = places(1, 1, Duration.ofDays(1));
        taken(places);
        CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> places.in(() -> "second"), threads);
        slow.countDown();
        assertThat(second.join()).isEqualTo("second");
    }

    @Test
    void givesThePlaceBackWhenTheWorkFails() {
        ReadingPlaces places = places(1, 0, Duration.ZERO);
        Supplier<String> failing = () -> {
            throw new IllegalStateException("no database");
        };
        assertThatThrownBy(() -> places.in(failing)).isInstanceOf(IllegalStateException.class);
        assertThat(places.in(() -> "next")).isEqualTo("next");
    }

    @Test
    void answersInTimeAndKeepsThePlaceOfWhatGoesOn() throws InterruptedException {
        ReadingPlaces places = new ReadingPlaces(1, 0, Duration.ZERO, Duration.ofMillis(50), threads);
        assertThatThrownBy(() -> places.in(() -> {
                    await(slow);
                    return "late";
                }))
                .isInstanceOf(ProblemException.class);
        assertThat(places.ifFree(() -> "second")).isEmpty();
        slow.countDown();
        while (places.ifFree(() -> "third").isEmpty()) {
            Thread.sleep(10);
        }
    }

    private ReadingPlaces places(int most, int waiting, Duration moment) {
        return new ReadingPlaces(most, waiting, moment, Duration.ofSeconds(20), threads);
    }

    private CompletableFuture<String> taken(ReadingPlaces places) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(
                () -> places.in(() -> {
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
