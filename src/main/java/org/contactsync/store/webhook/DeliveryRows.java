package org.contactsync.store.webhook;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.store.sql.DatabaseTime;
import org.contactsync.store.sql.Parameters;
import org.contactsync.webhook.Deliveries;
import org.contactsync.webhook.Deliveries.Listed;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;
import org.contactsync.webhook.EndpointState.Figures;
import org.jspecify.annotations.Nullable;

/** Rows of {@code webhook_delivery}. Thread-safe, as the container's entity manager is. */
final class DeliveryRows {
    private final EntityManager em;

    DeliveryRows(EntityManager em) {
        this.em = em;
    }

    /**
     * What is stored besides the delivery itself.
     *
     * @param since when it failed first
     * @param tried when it failed last
     * @param next when it is tried again; of a dead one it is when it was given up
     */
    record Status(boolean dead, int attempts, Instant since, Instant tried, Instant next, String error) {}

    /** One that waits. */
    record Waiting(long book, String owner, long seq, int attempts, Instant since, Instant next) {}

    /** Instead of a dead one with the same number, which was told again. */
    void insert(EndpointState endpoint, Delivery delivery, Status status) {
        query(
                        "delete from webhook_delivery where endpoint_id = ?1 and book_id = ?2 and seq = ?3",
                        endpoint.id(),
                        delivery.book(),
                        delivery.seq())
                .executeUpdate();
        query(
                        "insert into webhook_delivery (endpoint_id, book_id, seq, from_seq, dead, attempts, changed_micros,"
                                + " failed_since_millis, tried_millis, next_millis, error)"
                                + " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                        endpoint.id(),
                        delivery.book(),
                        delivery.seq(),
                        delivery.fromSeq(),
                        status.dead(),
                        status.attempts(),
                        PendingChanges.micros(delivery.firstChangedAt()),
                        status.since().toEpochMilli(),
                        status.tried().toEpochMilli(),
                        status.next().toEpochMilli(),
                        status.error())
                .executeUpdate();
    }

    void deleteWaiting(EndpointState endpoint, long book) {
        query("delete from webhook_delivery where endpoint_id = ?1 and book_id = ?2 and not dead", endpoint.id(), book)
                .executeUpdate();
    }

    void deleteAfter(EndpointState endpoint, long book, long seq) {
        query(
                        "delete from webhook_delivery where endpoint_id = ?1 and book_id = ?2 and seq > ?3",
                        endpoint.id(),
                        book,
                        seq)
                .executeUpdate();
    }

    Optional<Waiting> nextWaiting(EndpointState endpoint) {
        List<?> rows = query(
                        "select d.book_id, b.owner_key, d.seq, d.attempts, d.failed_since_millis, d.next_millis"
                                + " from webhook_delivery d join book b on b.id = d.book_id"
                                + " where d.endpoint_id = ?1 and d.dead = false"
                                + " order by d.endpoint_id, d.dead, d.next_millis limit 1",
                        endpoint.id())
                .getResultList();
        return rows.stream()
                .findFirst()
                .map(each -> (Object[]) each)
                .map(row -> new Waiting(
                        number(row[0]),
                        (String) row[1],
                        number(row[2]),
                        (int) number(row[3]),
                        time(row[4]),
                        time(row[5])));
    }

    void deleteDeadBefore(EndpointState endpoint, Instant time) {
        query(
                        "delete from webhook_delivery where endpoint_id = ?1 and dead = true and next_millis < ?2",
                        endpoint.id(),
                        time.toEpochMilli())
                .executeUpdate();
    }

    /** Of dead ones the latest stay. */
    void deleteDeadBeyond(EndpointState endpoint, int most) {
        List<?> beyond = query(
                        "select d.next_millis from webhook_delivery d where d.endpoint_id = ?1 and d.dead = true"
                                + " order by d.endpoint_id desc, d.dead desc, d.next_millis desc limit 1 offset ?2",
                        endpoint.id(),
                        most)
                .getResultList();
        if (!beyond.isEmpty()) {
            deleteDeadBefore(endpoint, time(beyond.get(0)).plusMillis(1));
        }
    }

    List<Listed> list(EndpointState endpoint, long book, long seq, int most) {
        List<?> rows = query(
                        "select d.book_id, d.seq, b.owner_key, d.from_seq, d.attempts, d.error, d.failed_since_millis,"
                                + " d.tried_millis, d.next_millis, d.dead"
                                + " from webhook_delivery d join book b on b.id = d.book_id where d.endpoint_id = ?1"
                                + " and (d.book_id > ?2 or d.book_id = ?2 and d.seq > ?3)"
                                + " order by d.endpoint_id, d.book_id, d.seq limit ?4",
                        endpoint.id(),
                        book,
                        seq,
                        most)
                .getResultList();
        return rows.stream().map(row -> listed((Object[]) row)).toList();
    }

    private static Listed listed(Object[] row) {
        return new Listed(
                row[0] + "-" + row[1],
                (String) row[2],
                number(row[3]),
                number(row[1]),
                (int) number(row[4]),
                (String) row[5],
                time(row[6]),
                time(row[7]),
                (Boolean) row[9] ? Optional.empty() : Optional.of(time(row[8])));
    }

    long countWaiting(EndpointState endpoint) {
        return count(endpoint, "false", Deliveries.MOST_WAITING);
    }

    private long count(EndpointState endpoint, String dead, int most) {
        return number(query(
                        "select count(*) from (select d.book_id from webhook_delivery d where d.endpoint_id = ?1"
                                + " and d.dead = " + dead + " limit " + most + ") n",
                        endpoint.id())
                .getSingleResult());
    }

    Figures figures(EndpointState endpoint) {
        Object[] oldest = (Object[]) query(
                        "select min(d.changed_micros), min(case when d.attempts > 0 then d.failed_since_millis end)"
                                + " from webhook_delivery d where d.endpoint_id = ?1 and d.dead = false",
                        endpoint.id())
                .getSingleResult();
        return new Figures(
                countWaiting(endpoint),
                count(endpoint, "true", Deliveries.MOST_DEAD),
                Optional.ofNullable(oldest[0]).map(DatabaseTime::of),
                Optional.ofNullable(oldest[1]).map(DeliveryRows::time));
    }

    /** Which one it is. */
    record Key(long book, long seq) {}

    /** Of those that wait, the one whose first attempt failed longest ago. */
    Optional<Key> firstFailed(EndpointState endpoint) {
        List<?> rows = query(
                        "select d.book_id, d.seq from webhook_delivery d where d.endpoint_id = ?1 and d.dead = false"
                                + " and d.attempts > 0 order by d.failed_since_millis, d.next_millis limit 1",
                        endpoint.id())
                .getResultList();
        return rows.stream()
                .findFirst()
                .map(each -> (Object[]) each)
                .map(row -> new Key(number(row[0]), number(row[1])));
    }

    void giveUp(EndpointState endpoint, Key key, Instant now) {
        query(
                        "update webhook_delivery set dead = true, next_millis = ?4"
                                + " where endpoint_id = ?1 and book_id = ?2 and seq = ?3",
                        endpoint.id(),
                        key.book(),
                        key.seq(),
                        now.toEpochMilli())
                .executeUpdate();
    }

    /** It is tried later, for a reason that is no answer of the endpoint; unless it does not wait any more. */
    void postpone(EndpointState endpoint, Key key, Instant next, String error) {
        query(
                        "update webhook_delivery set next_millis = ?4, error = ?5"
                                + " where endpoint_id = ?1 and book_id = ?2 and seq = ?3 and dead = false",
                        endpoint.id(),
                        key.book(),
                        key.seq(),
                        next.toEpochMilli(),
                        error)
                .executeUpdate();
    }

    /** What waits has all its time again. */
    void restartTime(EndpointState endpoint, Instant now) {
        query(
                        "update webhook_delivery set failed_since_millis = ?2 where endpoint_id = ?1 and dead = false",
                        endpoint.id(),
                        now.toEpochMilli())
                .executeUpdate();
    }

    private Query query(String sql, @Nullable Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }

    private static long number(@Nullable Object value) {
        return PendingChanges.number(value);
    }

    private static Instant time(@Nullable Object millis) {
        return Instant.ofEpochMilli(number(millis));
    }
}
