package org.contactsync.webhook.work;

import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import org.contactsync.log.FailureLog;
import org.contactsync.webhook.BackOff;
import org.contactsync.webhook.Deliveries;
import org.contactsync.webhook.Deliveries.Fate;
import org.contactsync.webhook.Deliveries.Verdict;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;
import org.contactsync.webhook.EndpointState.Figures;
import org.contactsync.webhook.Result;

/** Says what is done after a failure, and logs it. Immutable. */
final class Failures {
    /** Attempts before a delivery is dead, however long it takes. */
    private static final int LEAST_ATTEMPTS = 3;

    private static final FailureLog LOG = FailureLog.of(Failures.class);

    private final String name;
    private final Duration deadAfter;
    private final DoubleSupplier random;

    /**
     * @param name of the endpoint, in the log
     * @param random from 0 to 1
     */
    Failures(String name, Duration deadAfter, DoubleSupplier random) {
        this.name = name;
        this.deadAfter = deadAfter;
        this.random = random;
    }

    /**
     * @param fresh whether it does not wait yet
     * @param time the database's
     */
    Verdict verdict(
            EndpointState endpoint,
            Figures figures,
            Delivery delivery,
            boolean fresh,
            Result.Failed failed,
            Instant time) {
        int attempts = delivery.failed() + 1;
        boolean full = figures.waiting() >= Deliveries.MOST_WAITING;
        boolean ofEndpoint = failed.isOfEndpoint() || full && !takesMessages(endpoint, figures);
        Duration wanted = failed.retryAfter().orElse(Duration.ZERO);
        Duration retry = longer(BackOff.ofDelivery(attempts, random.getAsDouble()), wanted);
        Duration pause = ofEndpoint
                ? longer(BackOff.ofEndpoint(endpoint.failures() + 1, random.getAsDouble()), wanted)
                : Duration.ZERO;
        // Of an outage nothing that waits becomes dead: something new only shows whether it is over.
        boolean untried = fresh && full && failed.isOfEndpoint();
        boolean dead = isDead(delivery, attempts, time);
        if (dead) {
            LOG.warning("webhook delivery given up", () -> context(delivery, failed));
        } else if (delivery.failed() == 0) {
            LOG.warning("webhook not delivered; trying again", () -> context(delivery, failed));
        }
        Fate fate = dead ? Fate.DEAD : untried ? Fate.UNTRIED : Fate.WAITS;
        if (fate == Fate.WAITS && fresh && full && delivery.failed() == 0) {
            LOG.warning(
                    "webhook delivery given up: too many wait",
                    () -> "endpoint=" + name + " waiting=" + figures.waiting());
        }
        return new Verdict(failed.error(), fate, retry, pause, ofEndpoint);
    }

    private String context(Delivery delivery, Result.Failed failed) {
        return "endpoint=" + name + " owner=" + delivery.owner() + " seq=" + delivery.seq() + " error="
                + failed.error();
    }

    private boolean isDead(Delivery delivery, int attempts, Instant time) {
        boolean late = delivery.failedSince()
                .filter(since -> !time.isBefore(since.plus(deadAfter)))
                .isPresent();
        return late && attempts >= LEAST_ATTEMPTS;
    }

    /** Since the first of those that wait has failed. An endpoint that refuses every message may not be the right one. */
    private static boolean takesMessages(EndpointState endpoint, Figures figures) {
        return endpoint.lastSuccess()
                .filter(at -> figures.firstFailed().filter(at::isAfter).isPresent())
                .isPresent();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
