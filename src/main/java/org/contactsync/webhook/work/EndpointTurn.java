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
import org.contactsync.webhook.Deliveries;
import org.contactsync.webhook.Deliveries.Claim;
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

    /** Attempts before a delivery is dead, however long it takes. */
    private static final int LEAST_ATTEMPTS = 3;

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
    private final Duration deadAfter;
    private final Duration keptFor;
    private final String holder;
    private final LongSupplier nanos;
    private final DoubleSupplier random;
    private final BookQueue queue;

    private @Nullable EndpointState state;
    private boolean held;
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
        this.deadAfter = deadAfter;
        this.keptFor = keptFor;
        this.holder = holder;
        this.nanos = nanos;
        this.random = random;
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
            // The lease is claimed anew; until then another instance may have it.
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

    /** Whether this instance has the lease; renewed in time, and when a walk has ended. */
    private boolean hold() {
        long now = nanos.getAsLong();
        boolean walked = held && !queue.covered().equals(saved);
        if (now - renewAt < 0 && !walked) {
            return held;
        }
        boolean before = held;
        held = false;
        Claim claim = transaction.claim(endpoint.name(), holder, LEASE, before ? queue.covered() : Optional.empty());
        claimedNanos = now;
        renewAt = now + RENEWAL.toNanos();
        claimedAt = claim.now();
        state = claim.endpoint();
        waiting = claim.figures().waiting();
        held = claim.held();
        queue.hints().want(held);
        if (!held || !before) {
            queue.restart(now);
        }
        saved = queue.covered();
        if (held && walked && claim.figures().dead() > 0) {
            transaction.forgetDead(claim.endpoint(), claim.now().minus(keptFor));
        }
        counts.record(claim.endpoint(), claim.figures(), claim.now());
        return held;
    }

    /** One delivery, or a look for one; false when there is nothing to do now. */
    private boolean step() {
        EndpointState now = state;
        if (now == null || now.gone() || databaseTime().isBefore(now.resumeAt())) {
            return false;
        }
        Optional<Delivery> next = next(now);
        if (next.isEmpty()) {
            quiet = false;
            return queue.hasMore() && waiting < Deliveries.MOST_WAITING;
        }
        if (nanos.getAsLong() - claimedNanos > LEASE.minus(NEEDED).toNanos()) {
            // What was found is found again, after the renewal.
            renewAt = nanos.getAsLong();
            queue.again(next.get().book());
            return true;
        }
        deliver(now, next.get());
        return true;
    }

    /**
     * An endpoint in trouble gets, in turn, what waits and something new, whatever their times are: the one may be what it cannot take,
     * and the other shows then that it is back.
     */
    private Optional<Delivery> next(EndpointState now) {
        boolean trouble = BackOff.isTrouble(now.failures());
        boolean full = waiting >= Deliveries.MOST_WAITING;
        newFirst = trouble && !full && !newFirst;
        if (newFirst) {
            Optional<Delivery> fresh = queue.next(now, nanos.getAsLong(), databaseTime());
            if (fresh.isPresent()) {
                return fresh;
            }
        }
        Optional<Delivery> again = waiting > 0 ? transaction.retry(now, trouble) : Optional.empty();
        if (again.isPresent() || full || newFirst) {
            return again;
        }
        return queue.next(now, nanos.getAsLong(), databaseTime());
    }

    private void deliver(EndpointState now, Delivery delivery) {
        Result result = post.apply(Message.of(delivery, endpoint.ownerKey()));
        Optional<EndpointState> after;
        if (result instanceof Result.Delivered) {
            after = transaction.succeed(now, holder, delivery);
            counts.countDelivered();
            waiting -= delivery.failed() > 0 && waiting > 0 ? 1 : 0;
            queue.again(delivery.book());
        } else if (result instanceof Result.Failed failed) {
            after = transaction.fail(now, holder, delivery, verdict(now, delivery, failed));
            counts.countFailed();
            waiting += delivery.failed() == 0 ? 1 : 0;
        } else {
            after = transaction.disable(now, holder);
            counts.countFailed();
            LOG.warning("webhook disabled: the endpoint answered 410", () -> "endpoint=" + endpoint.name());
        }
        if (after.isEmpty()) {
            renewAt = nanos.getAsLong();
            held = false;
        }
        state = after.orElse(now);
    }

    private Verdict verdict(EndpointState now, Delivery delivery, Result.Failed failed) {
        int attempts = delivery.failed() + 1;
        boolean late = delivery.failedSince()
                .filter(since -> !databaseTime().isBefore(since.plus(deadAfter)))
                .isPresent();
        boolean dead = late && attempts >= LEAST_ATTEMPTS;
        Duration wanted = failed.retryAfter().orElse(Duration.ZERO);
        Duration retry = longer(BackOff.ofDelivery(attempts, random.getAsDouble()), wanted);
        Duration pause = failed.isOfEndpoint()
                ? longer(BackOff.ofEndpoint(now.failures() + 1, random.getAsDouble()), wanted)
                : Duration.ZERO;
        if (dead) {
            LOG.warning("webhook delivery given up", () -> context(delivery, failed));
        } else if (delivery.failed() == 0) {
            LOG.warning("webhook not delivered; trying again", () -> context(delivery, failed));
        }
        return new Verdict(failed.error(), dead, retry, pause, failed.isOfEndpoint());
    }

    private String context(Delivery delivery, Result.Failed failed) {
        return "endpoint=" + endpoint.name() + " owner=" + delivery.owner() + " seq=" + delivery.seq() + " error="
                + failed.error();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** As it was at the last claim, and the time since then. */
    private Instant databaseTime() {
        return claimedAt.plusNanos(nanos.getAsLong() - claimedNanos);
    }
}
