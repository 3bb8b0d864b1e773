package org.contactsync.webhook.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.contactsync.webhook.DamagedDelivery;
import org.contactsync.webhook.Deliveries;
import org.contactsync.webhook.Deliveries.Claim;
import org.contactsync.webhook.Deliveries.Part;
import org.contactsync.webhook.Deliveries.Verdict;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;

/** Each method is one transaction, committed when it returns and rolled back when it throws. No message is sent within one. */
@ApplicationScoped
@Transactional(value = TxType.REQUIRES_NEW, rollbackOn = Exception.class)
@SuppressWarnings("NullAway.Init") // filled by the container
public class WebhookTransaction {
    private Deliveries deliveries;

    /** For the container's proxy. */
    protected WebhookTransaction() {}

    @Inject
    public WebhookTransaction(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /** See {@link Deliveries#claim}. */
    public Claim claim(String name, String holder, Duration lease, Optional<Instant> covered) {
        return deliveries.claim(name, holder, lease, covered);
    }

    /** See {@link Deliveries#release}. */
    public void release(String name, String holder) {
        deliveries.release(name, holder);
    }

    /** See {@link Deliveries#walk}. */
    public Part walk(EndpointState endpoint, long after, int most) {
        return deliveries.walk(endpoint, after, most);
    }

    /** See {@link Deliveries#next}. */
    public Optional<Delivery> next(EndpointState endpoint, long book) {
        return deliveries.next(endpoint, book);
    }

    /** See {@link Deliveries#nextOf}. */
    public Optional<Delivery> nextOf(EndpointState endpoint, String owner) {
        return deliveries.nextOf(endpoint, owner);
    }

    /** See {@link Deliveries#retry}. */
    public Optional<Delivery> retry(EndpointState endpoint, boolean early) {
        return deliveries.retry(endpoint, early);
    }

    /** See {@link Deliveries#postpone}. */
    public void postpone(EndpointState endpoint, DamagedDelivery damaged, Duration time) {
        deliveries.postpone(endpoint, damaged, time);
    }

    /** See {@link Deliveries#succeed}. */
    public Optional<EndpointState> succeed(EndpointState endpoint, String holder, Delivery delivery) {
        return deliveries.succeed(endpoint, holder, delivery);
    }

    /** See {@link Deliveries#fail}. */
    public Optional<EndpointState> fail(EndpointState endpoint, String holder, Delivery delivery, Verdict verdict) {
        return deliveries.fail(endpoint, holder, delivery, verdict);
    }

    /** See {@link Deliveries#disable}. */
    public Optional<EndpointState> disable(EndpointState endpoint, String holder) {
        return deliveries.disable(endpoint, holder);
    }

    /** See {@link Deliveries#forgetDead}. */
    public void forgetDead(EndpointState endpoint, Instant before) {
        deliveries.forgetDead(endpoint, before);
    }

    /** See {@link Deliveries#replay}. */
    public Delivery replay(EndpointState endpoint, String owner, long fromSeq) {
        return deliveries.replay(endpoint, owner, fromSeq);
    }

    /** See {@link Deliveries#enable}. */
    public void enable(EndpointState endpoint) {
        deliveries.enable(endpoint);
    }
}
