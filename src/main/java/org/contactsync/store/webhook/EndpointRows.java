package org.contactsync.store.webhook;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.store.sql.DatabaseTime;
import org.contactsync.store.sql.Parameters;
import org.contactsync.webhook.Deliveries.Verdict;
import org.contactsync.webhook.EndpointState;
import org.contactsync.webhook.EndpointState.Failure;
import org.jspecify.annotations.Nullable;

/** Rows of {@code webhook_endpoint}. Thread-safe, as the container's entity manager is. */
final class EndpointRows {
    private static final String COLUMNS = "select e.id, e.name, e.since_micros, e.gone, e.failures, e.resume_millis,"
            + " e.covered_millis, e.last_success_millis, e.last_error, e.last_failure_millis from webhook_endpoint e";

    private final EntityManager em;

    EndpointRows(EntityManager em) {
        this.em = em;
    }

    Optional<EndpointState> find(String name) {
        List<?> rows = query(COLUMNS + " where e.name = ?1", name).getResultList();
        return rows.stream().findFirst().map(row -> endpoint((Object[]) row));
    }

    EndpointState findOrCreate(String name, Instant now) {
        Optional<EndpointState> known = find(name);
        if (known.isPresent()) {
            return known.get();
        }
        query(
                        "insert into webhook_endpoint (name, since_micros, gone, holder, held_until_millis, failures,"
                                + " resume_millis) values (?1, ?2, false, '', 0, 0, 0) on conflict do nothing",
                        name,
                        PendingChanges.micros(now))
                .executeUpdate();
        return find(name).orElseThrow();
    }

    /** Whether the caller has the lease now. It waits for an operator's replay if it has it, but not for another one that takes it. */
    boolean take(EndpointState endpoint, String holder, Instant now, Instant until, Optional<Instant> covered) {
        if (!has(endpoint, holder) && !isFree(endpoint, now)) {
            return false;
        }
        query(
                        "update webhook_endpoint set holder = ?2, held_until_millis = ?3,"
                                + " covered_millis = coalesce(cast(?4 as bigint), covered_millis) where id = ?1",
                        endpoint.id(),
                        holder,
                        until.toEpochMilli(),
                        covered.map(Instant::toEpochMilli).orElse(null))
                .executeUpdate();
        return true;
    }

    private boolean has(EndpointState endpoint, String holder) {
        return !query(
                        "select e.id from webhook_endpoint e where e.id = ?1 and e.holder = ?2 for update",
                        endpoint.id(),
                        holder)
                .getResultList()
                .isEmpty();
    }

    private boolean isFree(EndpointState endpoint, Instant now) {
        return !query(
                        "select e.id from webhook_endpoint e where e.id = ?1 and e.held_until_millis <= ?2"
                                + " for update skip locked",
                        endpoint.id(),
                        now.toEpochMilli())
                .getResultList()
                .isEmpty();
    }

    void release(String name, String holder) {
        query(
                        "update webhook_endpoint set holder = '', held_until_millis = 0 where name = ?1 and holder = ?2",
                        name,
                        holder)
                .executeUpdate();
    }

    /** Waits for others who write. */
    void lock(EndpointState endpoint) {
        query("select e.id from webhook_endpoint e where e.id = ?1 for update", endpoint.id())
                .getResultList();
    }

    boolean noteSuccess(EndpointState endpoint, String holder, Instant now) {
        return query(
                                "update webhook_endpoint set failures = 0, resume_millis = 0, last_success_millis = ?3"
                                        + " where id = ?1 and holder = ?2",
                                endpoint.id(),
                                holder,
                                now.toEpochMilli())
                        .executeUpdate()
                == 1;
    }

    /** A failure that is not of the endpoint shows that it is there: none before counts any more. */
    boolean noteFailure(EndpointState endpoint, String holder, Verdict verdict, Instant now) {
        return query(
                                "update webhook_endpoint set failures = failures * ?6 + ?6, resume_millis = ?3,"
                                        + " last_failure_millis = ?4, last_error = ?5 where id = ?1 and holder = ?2",
                                endpoint.id(),
                                holder,
                                now.plus(verdict.pause()).toEpochMilli(),
                                now.toEpochMilli(),
                                verdict.error(),
                                verdict.ofEndpoint() ? 1 : 0)
                        .executeUpdate()
                == 1;
    }

    boolean noteGone(EndpointState endpoint, String holder, Instant now) {
        return query(
                                "update webhook_endpoint set gone = true, last_failure_millis = ?3,"
                                        + " last_error = 'http_410' where id = ?1 and holder = ?2",
                                endpoint.id(),
                                holder,
                                now.toEpochMilli())
                        .executeUpdate()
                == 1;
    }

    void enable(EndpointState endpoint) {
        query("update webhook_endpoint set gone = false, failures = 0, resume_millis = 0 where id = ?1", endpoint.id())
                .executeUpdate();
    }

    private static EndpointState endpoint(Object[] row) {
        return new EndpointState(
                PendingChanges.number(row[0]),
                (String) row[1],
                DatabaseTime.of(row[2]),
                (Boolean) row[3],
                (int) PendingChanges.number(row[4]),
                Instant.ofEpochMilli(PendingChanges.number(row[5])),
                time(row[6]),
                time(row[7]),
                time(row[9]).map(at -> new Failure(String.valueOf(row[8]), at)));
    }

    private static Optional<Instant> time(@Nullable Object millis) {
        return Optional.ofNullable(millis).map(each -> Instant.ofEpochMilli(PendingChanges.number(each)));
    }

    private Query query(String sql, @Nullable Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }
}
