package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.contactsync.it.Pause;
import org.junit.jupiter.api.Test;

/** A look-up reads one contact by its key soon after the first import into an empty PostgreSQL. */
class PlannerStatisticsIT {
    private static final long END = Duration.ofSeconds(60).toNanos();

    private final JpaTestStore store = PostgresForStores.store().emptied();

    @Test
    void countsATableThatWasFilled() {
        store.inTransaction(
                () -> store.execute("insert into lookup_entry (book_id, epoch, uid, entry, seq, label, name, marks)"
                        + " select 1, 1, convert_to('u' || n, 'UTF8'), convert_to('n' || n, 'UTF8'), 1, '', '', 0"
                        + " from generate_series(1, 20000) n"));

        // The database counts changes with a delay, and may count the table by itself.
        long start = System.nanoTime();
        while (counted() < 20_000 && System.nanoTime() - start < END) {
            store.inTransaction(() -> store.housekeeping().refreshStatistics());
            Pause.of(Duration.ofMillis(50));
        }

        assertThat(counted()).isEqualTo(20_000);
        // What other tests have left in other tables may be due, too.
        int others = 0;
        while (store.inTransaction(() -> store.housekeeping().refreshStatistics())) {
            assertThat(++others).as("tables that are counted again and again").isLessThan(10);
        }
    }

    private long counted() {
        List<Object> rows = store.inTransaction(() -> List.copyOf(store.entityManager()
                .createNativeQuery("select reltuples::bigint from pg_class where oid = 'lookup_entry'::regclass")
                .getResultList()));
        return ((Number) rows.get(0)).longValue();
    }
}
