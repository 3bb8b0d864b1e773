package org.contactsync.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.work.Aside;
import org.junit.jupiter.api.Test;

class OwnerLanesTest {
    private static final Owner ADA = owner("ada");
    private static final Owner BOB = owner("bob");

    /** Threads that run when the test says so. */
    private final Queue<Runnable> threads = new ArrayDeque<>();

    private final OwnerLanes lanes = new OwnerLanes(threads::add, Aside.BOUNDS);
    private final List<String> done = new ArrayList<>();

    @Test
    void runsTheWorkOfAnOwnerInOrderOnOneThread() {
        run(ADA, "first");
        run(ADA, "second");
        run(ADA, "third");

        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(done).containsExactly("first", "second", "third");
        assertThat(threads).isEmpty();
    }

    @Test
    void givesEachOwnerAThreadWhileThereAreSome() {
        run(ADA, "ada");
        run(BOB, "bob");

        assertThat(threads).hasSize(2);
    }

    @Test
    void anOwnerThatWaitsForAThreadComesBeforeMoreWorkOfAnother() {
        IntStream.range(0, Aside.BOUNDS.threads()).forEach(i -> run(owner("busy" + i), "busy" + i));
        run(owner("busy0"), "more");
        run(ADA, "ada");

        assertThat(threads).hasSize(Aside.BOUNDS.threads());
        threads.remove().run();
        assertThat(done).containsExactly("busy0", "ada", "more");
    }

    @Test
    void refusesMoreWorkOfOneOwnerThanItsShare() {
        IntStream.range(0, Aside.BOUNDS.ofOneOwner()).forEach(i -> run(ADA, "ada" + i));

        assertThat(lanes.submit(ADA, () -> done.add("too many"))).isFalse();
        assertThat(lanes.submit(BOB, () -> done.add("bob"))).isTrue();
        threads.forEach(Runnable::run);
        assertThat(done).hasSize(Aside.BOUNDS.ofOneOwner() + 1).doesNotContain("too many");
    }

    @Test
    void refusesOwnersBeyondItsBound() {
        IntStream.range(0, Aside.BOUNDS.owners()).forEach(i -> run(owner("user" + i), "work"));

        assertThat(lanes.submit(ADA, () -> {})).isFalse();
        threads.forEach(Runnable::run);
        assertThat(done).hasSize(Aside.BOUNDS.owners());
        assertThat(lanes.submit(ADA, () -> {})).isTrue();
    }

    @Test
    void workThatFailsKeepsNothingFromRunning() {
        assertThat(lanes.submit(ADA, () -> {
                    throw new IllegalStateException("fails");
                }))
                .isTrue();
        run(ADA, "next");

        threads.remove().run();
        assertThat(done).containsExactly("next");
        run(ADA, "later");
        threads.remove().run();
        assertThat(done).containsExactly("next", "later");
    }

    @Test
    void refusesWhenTheServerGivesNoThread() {
        OwnerLanes stopping = new OwnerLanes(
                work -> {
                    throw new RejectedExecutionException("stopping");
                },
                Aside.BOUNDS);

        assertThat(stopping.submit(ADA, () -> {})).isFalse();
        assertThat(stopping.submit(ADA, () -> {})).isFalse();
    }

    @Test
    void runsEachPieceOnceAndNeverTwoOfAnOwnerAtATime() throws InterruptedException {
        ExecutorService pool = Executors.newCachedThreadPool();
        OwnerLanes shared = new OwnerLanes(pool, Aside.BOUNDS);
        int owners = 30;
        List<AtomicInteger> inside =
                IntStream.range(0, owners).mapToObj(i -> new AtomicInteger()).toList();
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger overlapped = new AtomicInteger();
        int accepted = 0;
        for (int i = 0; i < 30_000; i++) {
            int owner = i % owners;
            boolean taken = shared.submit(owner("user" + owner), () -> {
                if (inside.get(owner).incrementAndGet() != 1) {
                    overlapped.incrementAndGet();
                }
                inside.get(owner).decrementAndGet();
                ran.incrementAndGet();
            });
            accepted += taken ? 1 : 0;
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasValue(accepted);
        assertThat(overlapped).hasValue(0);
    }

    private void run(Owner owner, String name) {
        assertThat(lanes.submit(owner, () -> done.add(name))).isTrue();
    }

    private static Owner owner(String subject) {
        return new Owner("https://issuer.example", subject);
    }
}
