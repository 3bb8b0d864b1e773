package org.contactsync.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ExchangePlacesTest {
    private static final Owner ADA = new Owner("issuer", "ada");
    private static final Owner BOB = new Owner("issuer", "bob");

    /** Nobody's wait expires here. */
    private final ExchangePlaces places = new ExchangePlaces(Duration.ofDays(1));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() {
        end.countDown();
        threads.shutdown();
    }

    /** Protocol 4.25.7: a request that waits would occupy a thread. */
    @Test
    void aSecondImportOfAUserIsRefusedAtOnce() throws InterruptedException {
        CompletableFuture<String> held = held(ADA);

        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(() -> places.read(ADA, () -> "read"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().type()).isEqualTo(ProblemType.QUOTA_EXCEEDED));
        }

        assertThat(places.read(BOB, () -> "read")).isEqualTo("read");
        end.countDown();
        assertThat(held.join()).isEqualTo("read");
        assertThat(places.read(ADA, () -> "again")).isEqualTo("again");
    }

    /** Protocol 4.25.7. */
    @Test
    void aFewUsersWaitForAPlaceAndTheOthersAreRefusedAtOnce() throws InterruptedException {
        List<CompletableFuture<String>> held = List.of(held(ADA), held(BOB));

        List<CompletableFuture<String>> others = IntStream.range(0, 20)
                .mapToObj(i -> new Owner("issuer", "user-" + i))
                .map(user -> CompletableFuture.supplyAsync(() -> places.read(user, () -> "read"), threads))
                .toList();

        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> others.stream().filter(CompletableFuture::isDone).count() == 12);
        end.countDown();
        List<CompletableFuture<String>> waited = others.stream()
                .filter(other -> !other.isCompletedExceptionally())
                .toList();
        assertThat(waited).hasSize(8).extracting(CompletableFuture::join).containsOnly("read");
        assertThat(held).extracting(CompletableFuture::join).containsOnly("read");
    }

    /** Protocol 4.24.5: however many exports there are, half of the processors stay free for everything else. */
    @Test
    void exportsMakeVcardsOnHalfOfTheProcessors() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        List<CompletableFuture<Void>> exports = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.runAsync(() -> makeVcard(now, most), threads))
                .toList();

        exports.forEach(CompletableFuture::join);
        assertThat(most.get()).isBetween(1, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    private void makeVcard(AtomicInteger now, AtomicInteger most) {
        try {
            places.map(() -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                LockSupport.parkNanos(2_000_000);
                now.decrementAndGet();
                return new byte[0];
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A failure gives the place back. */
    @Test
    void aFileThatCannotBeReadLeavesItsPlace() {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> places.read(ADA, () -> {
                        throw new IllegalArgumentException("no file");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(places.read(ADA, () -> "read")).isEqualTo("read");
    }

    /** An import of this user that is being read until {@link #end}. */
    private CompletableFuture<String> held(Owner owner) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> held = CompletableFuture.supplyAsync(
                () -> places.read(owner, () -> {
                    begun.countDown();
                    awaitEnd();
                    return "read";
                }),
                threads);
        begun.await();
        return held;
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
