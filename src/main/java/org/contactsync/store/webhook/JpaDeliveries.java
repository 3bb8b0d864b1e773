package org.contactsync.store.webhook;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.store.sql.DatabaseTime;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.webhook.DeliveryRows.Key;
import org.contactsync.store.webhook.DeliveryRows.Status;
import org.contactsync.store.webhook.DeliveryRows.Waiting;
import org.contactsync.store.webhook.PendingChanges.Book;
import org.contactsync.webhook.DamagedDelivery;
import org.contactsync.webhook.Deliveries;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;

/** Stores cursors and deliveries. Whoever writes locks the endpoint's row first. Thread-safe, as the container's entity manager is. */
public final class JpaDeliveries implements Deliveries {
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    /** What is stored as the error of a delivery that an operator wants again. */
    private static final String REPLAY = "replay";

    /** The same of one whose book cannot be read. */
    private static final String DAMAGED = "damaged";

    private final EntityManager em;
    private final EndpointRows endpoints;
    private final DeliveryRows deliveries;
    private final PendingChanges pending;

    public JpaDeliveries(EntityManager em) {
        this.em = em;
        endpoints = new EndpointRows(em);
        deliveries = new DeliveryRows(em);
        pending = new PendingChanges(em);
    }

    @Override
    public Claim claim(String name, String holder, Duration lease, Optional<Instant> covered) {
        Instant now = now();
        EndpointState endpoint = endpoints.findOrCreate(name, now);
        boolean held = endpoints.take(endpoint, holder, now, now.plus(lease), covered);
        return new Claim(now, held, endpoints.find(name).orElse(endpoint), deliveries.figures(endpoint));
    }

    @Override
    public void release(String name, String holder) {
        endpoints.release(name, holder);
    }

    @Override
    public Part walk(EndpointState endpoint, long after, int most) {
        return pending.walk(endpoint, after, most);
    }

    @Override
    public Optional<Delivery> next(EndpointState endpoint, long book) {
        return pending.book(endpoint, book).flatMap(found -> pending.next(endpoint, found));
    }

    @Override
    public Optional<Delivery> nextOf(EndpointState endpoint, String owner) {
        return pending.bookOf(endpoint, owner).flatMap(found -> pending.next(endpoint, found));
    }

    @Override
    public Optional<Delivery> retry(EndpointState endpoint, boolean early) {
        Optional<Waiting> found = deliveries.nextWaiting(endpoint);
        if (found.isEmpty() || !early && found.get().next().isAfter(now())) {
            return Optional.empty();
        }
        Waiting waiting = found.get();
        try {
            return pending.anyBookOf(endpoint, waiting.owner()).map(book -> again(endpoint, book, waiting));
        } catch (IllegalArgumentException e) {
            throw new DamagedDelivery(waiting.book(), waiting.seq(), e);
        }
    }

    private Delivery again(EndpointState endpoint, Book book, Waiting waiting) {
        return pending.after(book, pending.start(endpoint, book), OptionalLong.of(waiting.seq()))
                .after(waiting.attempts(), waiting.attempts() == 0 ? Optional.empty() : Optional.of(waiting.since()));
    }

    @Override
    public Optional<EndpointState> succeed(EndpointState endpoint, String holder, Delivery delivery) {
        if (!endpoints.noteSuccess(endpoint, holder, now())) {
            return Optional.empty();
        }
        if (advance(endpoint, delivery)) {
            deliveries.deleteWaiting(endpoint, delivery.book());
        }
        return endpoints.find(endpoint.name());
    }

    @Override
    public Optional<EndpointState> fail(EndpointState endpoint, String holder, Delivery delivery, Verdict verdict) {
        Instant now = now();
        if (!endpoints.noteFailure(endpoint, holder, verdict, now)) {
            return Optional.empty();
        }
        boolean dead = verdict.fate() == Fate.DEAD;
        if (verdict.fate() != Fate.UNTRIED && (dead ? advance(endpoint, delivery) : isIntact(endpoint, delivery))) {
            deliveries.deleteWaiting(endpoint, delivery.book());
            if (!dead && delivery.failed() == 0) {
                makeRoom(endpoint, now);
            }
            deliveries.insert(
                    endpoint,
                    delivery,
                    new Status(
                            dead,
                            delivery.failed() + 1,
                            delivery.failedSince().orElse(now),
                            now,
                            dead ? now : now.plus(verdict.retry()),
                            verdict.error()));
        }
        if (dead) {
            deliveries.deleteDeadBeyond(endpoint, MOST_DEAD);
        }
        return endpoints.find(endpoint.name());
    }

    /** Gives up the delivery that failed first if no other one may wait. */
    private void makeRoom(EndpointState endpoint, Instant now) {
        if (deliveries.countWaiting(endpoint) < MOST_WAITING) {
            return;
        }
        deliveries.firstFailed(endpoint).ifPresent(first -> {
            setCursor(endpoint, first.book(), first.seq());
            deliveries.giveUp(endpoint, first, now);
            deliveries.deleteDeadBeyond(endpoint, MOST_DEAD);
        });
    }

    @Override
    public void postpone(EndpointState endpoint, DamagedDelivery damaged, Duration time) {
        endpoints.lock(endpoint);
        deliveries.postpone(endpoint, new Key(damaged.book(), damaged.seq()), now().plus(time), DAMAGED);
    }

    @Override
    public Optional<EndpointState> disable(EndpointState endpoint, String holder) {
        return endpoints.noteGone(endpoint, holder, now()) ? endpoints.find(endpoint.name()) : Optional.empty();
    }

    /** Moves the cursor behind the delivery. If an operator has set it back meanwhile, it stays there. */
    private boolean advance(EndpointState endpoint, Delivery delivery) {
        if (!isIntact(endpoint, delivery)) {
            return false;
        }
        setCursor(endpoint, delivery.book(), delivery.seq());
        return true;
    }

    private boolean isIntact(EndpointState endpoint, Delivery delivery) {
        List<?> told = query(
                        "select w.seq from webhook_cursor w where w.endpoint_id = ?1 and w.book_id = ?2",
                        endpoint.id(),
                        delivery.book())
                .getResultList();
        return told.isEmpty() || PendingChanges.number(told.get(0)) == delivery.told();
    }

    private void setCursor(EndpointState endpoint, long book, long seq) {
        int set = query(
                        "update webhook_cursor set seq = ?3 where endpoint_id = ?1 and book_id = ?2",
                        endpoint.id(),
                        book,
                        seq)
                .executeUpdate();
        if (set == 0) {
            query(
                            "insert into webhook_cursor (endpoint_id, book_id, seq) values (?1, ?2, ?3)",
                            endpoint.id(),
                            book,
                            seq)
                    .executeUpdate();
        }
    }

    @Override
    public void forgetDead(EndpointState endpoint, Instant before) {
        endpoints.lock(endpoint);
        deliveries.deleteDeadBefore(endpoint, before);
    }

    @Override
    public Optional<Claim> look(String name) {
        return endpoints.find(name).map(found -> new Claim(now(), false, found, deliveries.figures(found)));
    }

    @Override
    public List<Listed> list(EndpointState endpoint, Optional<String> after, int most) {
        Matcher place = PLACE.matcher(after.orElse("0-0"));
        if (!place.matches()) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "after must be the next of the previous page");
        }
        return deliveries.list(endpoint, Long.parseLong(place.group(1)), Long.parseLong(place.group(2)), most);
    }

    @Override
    public Delivery replay(EndpointState endpoint, String owner, long fromSeq) {
        endpoints.lock(endpoint);
        Book book = pending.anyBookOf(endpoint, owner)
                .orElseThrow(() -> ProblemException.of(ProblemType.NOT_FOUND, "no book has this owner"));
        if (fromSeq < 1 || fromSeq > book.seq()) {
            throw ProblemException.malformed(
                    "/fromSeq",
                    book.seq() == 0 ? "this book has no changes" : "the changes of this book are 1 to " + book.seq());
        }
        Optional<Long> oldest = pending.oldest(book);
        if (oldest.isEmpty() || fromSeq < oldest.get()) {
            throw ProblemException.of(
                    ProblemType.HISTORY_EXPIRED,
                    oldest.map(seq -> "the oldest change that is kept of this book is " + seq)
                            .orElse("no change of this book is kept"));
        }
        long start = Math.min(fromSeq - 1, pending.start(endpoint, book));
        Delivery first = pending.after(book, start, OptionalLong.empty());
        setCursor(endpoint, book.id(), start);
        deliveries.deleteWaiting(endpoint, book.id());
        deliveries.deleteAfter(endpoint, book.id(), start);
        Instant now = now();
        deliveries.insert(endpoint, first, new Status(false, 0, now, now, Instant.EPOCH, REPLAY));
        return first;
    }

    @Override
    public void enable(EndpointState endpoint) {
        endpoints.enable(endpoint);
        deliveries.restartTime(endpoint, now());
    }

    private Instant now() {
        return DatabaseTime.of(query("select " + DatabaseTime.MICROS).getSingleResult());
    }

    private Query query(String sql, Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }
}
