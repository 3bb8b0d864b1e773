package org.contactsync.queue.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.request.Change;
import org.contactsync.settings.StepsPerCommit;
import org.contactsync.sync.step.Group;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.Replies;

/**
 * Puts steps of different owners whose messages have come into one transaction. Few transactions run at a time. Whoever comes meanwhile
 * waits, and when one ends, the first who waits takes all others with it (a <i>leader</i>). Nobody waits for more to come: a step that
 * finds a transaction free runs at once, and alone if nobody waits. If it takes long, because it has to read much, one that waits takes its
 * place. Each step keeps its thread, and its message is acknowledged when its own transaction has ended. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class CommitGroups {
    private static final FailureLog LOG = FailureLog.of(CommitGroups.class);

    /** After that a step that nobody has taken runs alone: the transactions before it are slow. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    /** A step that runs alone for longer loses its place to one that waits. Most take a few milliseconds. */
    private static final Duration LONG_ALONE = Duration.ofMillis(20);

    /** Of the card of a step's one change. */
    private static final int SMALL_BYTES = 64 * 1024;

    /** Transactions at a time: while one is in the database's log, another one is prepared. */
    private static final int LEAST_LEADERS = 2;

    private final Deque<Member> waiting = new ArrayDeque<>();
    private int most;
    private int leaders;
    private Waits waits;
    private StepTransaction transaction;
    private IntConsumer groups;
    private final List<Member> alone = new ArrayList<>();
    private int running;

    /**
     * How long a step waits.
     *
     * @param forOne until it takes the place of a step that has run alone for so long
     * @param most until it runs alone if nobody has taken it
     */
    record Waits(Duration forOne, Duration most) {}

    /** What a step that waits is told. */
    private enum Turn {
        /** It is the leader of the next group. */
        LEADS,
        /** Another one has run it, or tried to. */
        OVER
    }

    private static final class Member {
        private final ApplyChanges step;
        private final CompletableFuture<Turn> turn = new CompletableFuture<>();
        private Optional<Replies> replies = Optional.empty();
        private boolean hasPlace = true;
        private long begunNanos;

        Member(ApplyChanges step) {
            this.step = step;
        }
    }

    /** For the container's proxy. */
    protected CommitGroups() {}

    @Inject
    public CommitGroups(StepTransaction transaction, StepsPerCommit steps, GroupMetrics metrics) {
        this(
                transaction,
                steps.most(),
                Math.max(LEAST_LEADERS, Runtime.getRuntime().availableProcessors()),
                new Waits(LONG_ALONE, PATIENCE),
                metrics::record);
    }

    /**
     * @param most steps of a transaction; 1: each has its own
     * @param leaders transactions at a time
     * @param groups told of the number of steps of each transaction that had several
     */
    CommitGroups(StepTransaction transaction, int most, int leaders, Waits waits, IntConsumer groups) {
        this.transaction = transaction;
        this.most = most;
        this.leaders = leaders;
        this.waits = waits;
        this.groups = groups;
    }

    /**
     * Runs a step in a transaction with others, or alone.
     *
     * @return its replies; empty if nothing was done: it is to run alone
     * @throws RuntimeException as {@link StepTransaction#runIfUnlocked}, when it ran alone
     */
    Optional<Replies> run(ApplyChanges step) {
        if (most == 1 || !isSmall(step)) {
            return Optional.empty();
        }
        Member own = new Member(step);
        if (begins(own) || await(own) == Turn.LEADS) {
            return lead(own);
        }
        return own.replies;
    }

    /** Others run alone: with more than one contact a change reads and may remove more. */
    private static boolean isSmall(ApplyChanges step) {
        List<Change> changes = step.sync().changes();
        return step.sync().lost().isEmpty()
                && changes.size() == 1
                && !(changes.get(0) instanceof Change.Put put && put.card().length() > SMALL_BYTES);
    }

    /** Whether a transaction is free; if not, the step waits. */
    private synchronized boolean begins(Member own) {
        if (running < leaders) {
            running++;
            return true;
        }
        waiting.add(own);
        return false;
    }

    private Turn await(Member own) {
        long end = System.nanoTime() + waits.most().toNanos();
        try {
            while (true) {
                long left = end - System.nanoTime();
                try {
                    return own.turn.get(Math.min(left, waits.forOne().toNanos()), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (takesPlace(own)) {
                        return Turn.LEADS;
                    }
                    if (left <= waits.forOne().toNanos()) {
                        return leave(own);
                    }
                }
            }
        } catch (InterruptedException e) {
            Turn turn = leave(own);
            Thread.currentThread().interrupt();
            return turn;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the step still waits, and now has the place of one that has run alone for long. */
    private synchronized boolean takesPlace(Member own) {
        long latest = System.nanoTime() - waits.forOne().toNanos();
        Optional<Member> slow = waiting.contains(own)
                ? alone.stream().filter(each -> each.begunNanos - latest <= 0).findFirst()
                : Optional.empty();
        slow.ifPresent(each -> {
            each.hasPlace = false;
            alone.remove(each);
            waiting.remove(own);
        });
        return slow.isPresent();
    }

    /** Waits no longer, unless somebody has taken it: then its turn is told soon. */
    private Turn leave(Member own) {
        synchronized (this) {
            if (waiting.remove(own)) {
                return Turn.OVER;
            }
        }
        return own.turn.join();
    }

    private Optional<Replies> lead(Member own) {
        List<Member> group = List.of(own);
        try {
            group = gather(own);
            if (group.size() == 1) {
                return Optional.of(transaction.runIfUnlocked(own.step));
            }
            runTogether(group);
            return own.replies;
        } finally {
            group.forEach(member -> member.turn.complete(Turn.OVER));
            handOver(own);
        }
    }

    private synchronized List<Member> gather(Member own) {
        List<Member> group = new ArrayList<>(List.of(own));
        List<ApplyChanges> steps = new ArrayList<>(List.of(own.step));
        Iterator<Member> others = waiting.iterator();
        while (others.hasNext() && group.size() < most) {
            Member other = others.next();
            if (Group.fits(steps, other.step)) {
                group.add(other);
                steps.add(other.step);
                others.remove();
            }
        }
        if (group.size() == 1) {
            own.begunNanos = System.nanoTime();
            alone.add(own);
        }
        return group;
    }

    /** When it fails, no step has replies, and each runs alone. What fails after the commit takes none of them away. */
    private void runTogether(List<Member> group) {
        try {
            List<Optional<Replies>> replies = transaction.runGroup(
                    new Group(group.stream().map(member -> member.step).toList()));
            for (int i = 0; i < group.size(); i++) {
                group.get(i).replies = replies.get(i);
            }
            int ran = (int) replies.stream().filter(Optional::isPresent).count();
            if (ran > 1) {
                groups.accept(ran);
            }
        } catch (RuntimeException e) {
            LOG.warning("steps not run together, or not counted", "steps=" + group.size(), e);
        }
    }

    /** The first who waits leads now, unless another one has the place already. */
    private void handOver(Member own) {
        Member next;
        synchronized (this) {
            alone.remove(own);
            if (!own.hasPlace) {
                return;
            }
            next = waiting.poll();
            if (next == null) {
                running--;
            }
        }
        if (next != null) {
            next.turn.complete(Turn.LEADS);
        }
    }
}
