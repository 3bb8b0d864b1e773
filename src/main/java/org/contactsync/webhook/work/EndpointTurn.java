package org.contactsync.webhook.work;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.settings.WebhookSettings.Endpoint;
import org.contactsync.webhook.BackOff;
import org.contactsync.webhook.DamagedDelivery;
import org.contactsync.webhook.Deliveries.Claim;
import org.contactsync.webhook.Deliveries.Fate;
import org.contactsync.webhook.Deliveries.Verdict;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;
import org.contactsync.webhook.EndpointState.Figures;
import org.contactsync.webhook.Message;
import org.contactsync.webhook.Result;
import org.contactsync.webhook.http.HttpPost;
import org.jspecify.annotations.Nullable;

/**
 * Delivers to one endpoint, one message after the other, while this instance has its lease. One thread at a time, except for
 * {@link #hint} and {@link #isDue}.
 */
final class EndpointTurn {
    /** After this time without a sign another instance delivers. */
    static final Duration LEASE = Duration.ofSeconds(20);

    private static final Duration RENEWAL = Duration.ofSeconds(5);

    /** An attempt must end, and be recorded, while the lease lasts: otherwise another instance might send a later message before it. */
    private static final Duration NEEDED = HttpPost.LONGEST.plusSeconds(2);

    /** Between two looks for what is to be tried again. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** After a failure of the database. */
    private static final Duration REST = Duration.ofSeconds(10);

    /** Work of one run: then others have the thread. */
    private static final Duration RUN = Duration.ofSeconds(3);

    /** Until the next attempt at a delivery whose book is damaged. */
    private static final Duration DAMAGED = Duration.ofHours(1);

    private static final FailureLog LOG = FailureLog.of(EndpointTurn.class);

    /** What is counted. */
    interface Counts {
        void countDelivered();

        void countFailed();

        /** As all instances are at that time of the database. */
        void record(EndpointState endpoint, Figures figures, Instant now);
    }

    private final WebhookTransaction transaction;
    private final Endpoint endpoint;
    private final Function<Message, Result> post;
    private final Counts counts;
    private final Failures failures;
    private final Duration keptFor;
    private final String holder;
    private final LongSupplier nanos;
    private final BookQueue queue;

    private @Nullable EndpointState state;
    private Figures figures = new Figures(0, 0, Optional.empty(), Optional.empty());

    private boolean held;

    /** Whether the queue is of use: no other instance has delivered since it was filled, as far as is known. */
    private boolean mine;

    private Instant claimedAt = Instant.EPOCH;
    private long claimedNanos;
    private long renewAt;
    private long waiting;
    private boolean newFirst;
    private boolean failing;
    private Optional<Instant> saved = Optional.empty();
    private volatile long nextLook;
    private volatile boolean quiet;
    private volatile boolean stopping;

    /**
     * @param post makes one attempt; does not throw
     * @param holder no other process has this name
     * @param nanos a clock such as {@link System#nanoTime}
     * @param random from 0 to 1
     */
    EndpointTurn(
            WebhookTransaction transaction,
            Endpoint endpoint,
            Function<Message, Result> post,
            Counts counts,
            Duration deadAfter,
            Duration keptFor,
            String holder,
            LongSupplier nanos,
            DoubleSupplier random) {
        this.transaction = transaction;
        this.endpoint = endpoint;
        this.post = post;
        this.counts = counts;
        failures = new Failures(endpoint.name(), deadAfter, random);
        this.keptFor = keptFor;
        this.holder = holder;
        this.nanos = nanos;
        nextLook = nanos.getAsLong();
        renewAt = nextLook;
        queue = new BookQueue(transaction, nextLook);
    }

    /** Notes that a book has changed; never waits. */
    void hint(Owner owner) {
        queue.hints().add(owner);
    }

    /** Whether {@link #run} has something to do. */
    boolean isDue() {
        return nanos.getAsLong() - nextLook >= 0 || !quiet && !queue.hints().isEmpty();
    }

    /** Does what is due, for a limited time. */
    void run() {
        long start = nanos.getAsLong();
        quiet = true;
        nextLook = start + LOOK.toNanos();
        try {
            boolean more = true;
            while (more && !stopping && nanos.getAsLong() - start < RUN.toNanos()) {
                more = hold() && step();
            }
            if (more) {
                nextLook = nanos.getAsLong();
            }
            failing = false;
        } catch (RuntimeException e) {
            // Until the lease is claimed anew another instance may have it. If none has, the walk goes on.
            renewAt = nanos.getAsLong();
            held = false;
            quiet = true;
            nextLook = nanos.getAsLong() + REST.toNanos();
            if (!failing) {
                LOG.warning("webhooks stopped by a failure; trying again in 10 s", "endpoint=" + endpoint.name(), e);
            }
            failing = true;
        }
    }

    /** Ends a run before its next message. */
    void stop() {
        stopping = true;
    }

    /** Gives the lease back, so that another instance goes on at once. */
    void release() {
        if (held) {
            held = false;
            transaction.release(endpoint.name(), holder);
        }
    }

    /** Whether this instance has the lease; renewed in time and after each walk. */
    private boolean hold() {
        long now = nanos.getAsLong();
        boolean walked = held && !queue.covered().equals(saved);
        if (now - renewAt < 0 && !walked) {
            return held;
        }
        held = false;
        Claim claim = transaction.claim(endpoint.name(), holder, LEASE, mine ? queue.covered() : Optional.empty());
        claimedNanos = now;
        renewAt = now + RENEWAL.toNanos();
        claimedAt = claim.now();
        state = claim.endpoint();
        figures = claim.figures();
        waiting = figures.waiting();
        held = claim.held();
        queue.hints().want(held);
        if (!held || !mine) {
            queue.restart(now);
        }
        mine = held;
        saved = queue.covered();
        if (held && walked && figures.dead() > 0) {
            transaction.forgetDead(claim.endpoint(), claim.now().minus(keptFor));
        }
        counts.record(claim.endpoint(), figures, claim.now());
        return held;
    }

    /** One delivery, or a look for one; false when there is nothing to do now. */
    private boolean step() {
        EndpointState now = state;
        if (now == null || now.gone()) {
            return false;
        }
        if (databaseTime().isBefore(now.resumeAt())) {
            queue.lookAhead(now, nanos.getAsLong(), databaseTime());
            return false;
        }
        Optional<Found> next = next(now);
        if (next.isEmpty()) {
            quiet = false;
            return queue.hasMore();
        }
        // It is looked at again: after this delivery there may be more, and if this one fails for another reason it is
        // not lost.
        queue.again(next.get().delivery().book());
        if (nanos.getAsLong() - claimedNanos > LEASE.minus(NEEDED).toNanos()) {
            renewAt = nanos.getAsLong();
            return true;
        }
        deliver(now, next.get());
        return true;
    }

    /** What is to be sent; {@code fresh} if it does not wait yet, after a failure or for a replay. */
    private record Found(Delivery delivery, boolean fresh) {}

    /**
     * In turn what waits and something new: neither keeps the other from being sent. An endpoint in trouble gets also what waits for its
     * time: it may be what it cannot take, or the new one may be, and the other shows that it is back.
     */
    private Optional<Found> next(EndpointState now) {
        newFirst = !newFirst;
        Optional<Found> found = newFirst ? fresh(now) : again(now);
        return found.isPresent() ? found : newFirst ? again(now) : fresh(now);
    }

    private Optional<Found> fresh(EndpointState now) {
        return queue.next(now, nanos.getAsLong(), databaseTime()).map(delivery -> new Found(delivery, true));
    }

    private Optional<Found> again(EndpointState now) {
        if (waiting == 0) {
            return Optional.empty();
        }
        try {
            return transaction
                    .retry(now, BackOff.isTrouble(now.failures()))
                    .map(delivery -> new Found(delivery, false));
        } catch (DamagedDelivery e) {
            LOG.error("webhook delivery of a damaged book postponed", "endpoint=" + endpoint.name(), e);
            transaction.postpone(now, e, DAMAGED);
            return Optional.empty();
        }
    }

    private void deliver(EndpointState now, Found found) {
        Delivery delivery = found.delivery();
        Result result = post.apply(Message.of(delivery, endpoint.ownerKey()));
        Optional<EndpointState> after;
        if (result instanceof Result.Delivered) {
            after = transaction.succeed(now, holder, delivery);
            counts.countDelivered();
            waiting -= found.fresh() || waiting == 0 ? 0 : 1;
        } else if (result instanceof Result.Failed failed) {
            Verdict verdict =
                    failures.verdict(now, figures.with(waiting), delivery, found.fresh(), failed, databaseTime());
            after = transaction.fail(now, holder, delivery, verdict);
            counts.countFailed();
            if (found.fresh()) {
                waiting += verdict.fate() == Fate.WAITS ? 1 : 0;
            } else {
                waiting -= verdict.fate() == Fate.DEAD ? 1 : 0;
            }
        } else {
            after = transaction.disable(now, holder);
            counts.countFailed();
            LOG.warning("webhook disabled: the endpoint answered 410", () -> "endpoint=" + endpoint.name());
        }
        if (after.isEmpty()) {
            renewAt = nanos.getAsLong();
            held = false;
            mine = false;
        }
        state = after.orElse(now);
    }

    /** As it was at the last claim, and the time since then. */
    private Instant databaseTime() {
        return claimedAt.plusNanos(nanos.getAsLong() - claimedNanos);
    }
}
