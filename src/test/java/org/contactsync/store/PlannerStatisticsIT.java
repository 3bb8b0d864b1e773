package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.contactsync.sync.Latch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A look-up reads one contact by its key soon after the first import into an empty PostgreSQL. */
class PlannerStatisticsIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int ROWS = 20_000;

    private static final Map<String, String> ROW = Map.of(
            "lookup_entry",
            "(book_id, epoch, uid, entry, seq, label, name, marks) select 1, 1, convert_to('u' || n, 'UTF8'),"
                    + " convert_to('n' || n, 'UTF8'), 1, '', '', 0",
            "book",
            "(owner_key, issuer, subject, check_key, generation, last_generation, contact_count, entry_sum, seq,"
                    + " changes_from, open_tasks, revision) select 'k' || n, 'i', 's' || n, convert_to('k', 'UTF8'),"
                    + " 0, 0, 0, convert_to('s', 'UTF8'), 0, 0, 0, 0",
            "sync_task",
            "(id, book_id, kind, state, accepted_at_micros, request_digest, first_code, reply_queue,"
                    + " reply_correlation, expires_at_millis, attempts) select gen_random_uuid(), n % 7, 'INCREMENTAL',"
                    + " 'DONE', n, 'd', 'c', 'q', gen_random_uuid(), n, 0");

    /** Of its own, so that no figure of the database is that of another test. */
    private static final String SCHEMA = "counted";

    private final JpaTestStore store = PostgresForStores.store();

    @BeforeEach
    void makeSchema() {
        store.inTransaction(() -> store.execute("create schema " + SCHEMA));
    }

    @AfterEach
    void dropSchema() {
        store.inTransaction(() -> store.execute("drop schema " + SCHEMA + " cascade"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lookup_entry", "book", "sync_task"})
    void countsATableThatWasFilled(String table) {
        make(table);
        add(table, 1, ROWS);

        awaitCounted(table, ROWS);
        assertThat(refresh()).isFalse();
    }

    /** Each change writes the row of its book anew: that is no reason to count books again and again. */
    @Test
    void countsBooksWhenThereAreMoreAndNotWhenTheyChange() {
        make("book");
        add("book", 1, ROWS);
        awaitCounted("book", ROWS);
        long byItself = figure("book", "autoanalyze_count");

        store.inTransaction(() -> {
            store.execute("update " + SCHEMA + ".book set revision = revision + 1");
            tellAtOnce();
        });

        await().pollInSameThread()
                .atMost(LONGEST)
                .until(() -> figure("book", "n_mod_since_analyze") >= ROWS
                        || figure("book", "autoanalyze_count") > byItself);
        assertThat(refresh()).isFalse();

        add("book", ROWS + 1, 3 * ROWS);
        awaitCounted("book", 3 * ROWS);
    }

    /** A long vacuum of the table that has changed most. */
    @Test
    void countsAnotherTableWhileOneIsLocked() {
        make("lookup_entry");
        make("sync_task");
        add("lookup_entry", 1, 3 * ROWS);
        add("sync_task", 1, ROWS);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> store.inTransaction(() -> {
            store.execute("lock table " + SCHEMA + ".lookup_entry in share update exclusive mode");
            locked.countDown();
            Latch.await(mayEnd);
        }));
        try {
            Latch.await(locked);
            awaitCounted("sync_task", ROWS);
        } finally {
            mayEnd.countDown();
            holder.join();
        }
        awaitCounted("lookup_entry", 3 * ROWS);
    }

    private void make(String table) {
        store.inTransaction(() -> store.execute("create table " + SCHEMA + "." + table + " (like public." + table
                + " including all) with (autovacuum_enabled = false)"));
    }

    private void add(String table, int first, int last) {
        store.inTransaction(() -> {
            store.execute("insert into " + SCHEMA + "." + table + " " + ROW.get(table) + " from generate_series("
                    + first + ", " + last + ") n");
            tellAtOnce();
        });
    }

    /** The database's figures have what the transaction does when it is committed, and not later. */
    private void tellAtOnce() {
        store.rows("select 1 from pg_stat_force_next_flush()");
    }

    /** The database may count the table by itself. */
    private void awaitCounted(String table, int rows) {
        await().pollInSameThread().atMost(LONGEST).until(() -> {
            refresh();
            return number("select reltuples::bigint from pg_class where oid = '" + SCHEMA + "." + table + "'::regclass")
                    == rows;
        });
    }

    /** Whether a table was due. */
    private boolean refresh() {
        return store.inTransaction(() -> {
            store.execute("set local search_path = " + SCHEMA + ", public");
            return store.housekeeping().refreshStatistics();
        });
    }

    private long figure(String table, String name) {
        return number(
                "select " + name + " from pg_stat_user_tables where relid = '" + SCHEMA + "." + table + "'::regclass");
    }

    private long number(String sql) {
        List<Object> rows = store.inTransaction(
                () -> List.copyOf(store.entityManager().createNativeQuery(sql).getResultList()));
        return ((Number) rows.get(0)).longValue();
    }
}
