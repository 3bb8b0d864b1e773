package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.contactsync.store.sql.AmongSql;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PostgreSQL looks for each uid by the index, also where it takes a book to have few rows: those of many small books were counted, with many
 * generations, and those of a large one were not. A plan for any values, as a connection has it after some calls.
 */
class AmongPlanIT {
    /** Of its own, so that no figure of the database is that of another test. */
    private static final String SCHEMA = "among";

    private static final String TASK = "00000000-0000-4000-8000-000000000001";

    private final JpaTestStore store = PostgresForStores.store();

    @BeforeEach
    void fill() {
        store.inTransaction(() -> {
            store.execute("create schema " + SCHEMA);
            for (String table : List.of("contact", "staged_change")) {
                store.execute("create table " + SCHEMA + "." + table + " (like public." + table
                        + " including all) with (autovacuum_enabled = false)");
            }
            addContacts("n, 1 + n % 60", 10_000);
            addStaged("gen_random_uuid()", 10_000);
            store.execute("analyze among.contact");
            store.execute("analyze among.staged_change");
            addContacts("99999, 7", 20_000);
            addStaged("cast('" + TASK + "' as uuid)", 20_000);
        });
    }

    private void addContacts(String bookAndGeneration, int rows) {
        store.execute("insert into among.contact (book_id, generation, uid, position, entry_sum, seq) select "
                + bookAndGeneration + ", convert_to('u' || n, 'UTF8'), 1, convert_to('s', 'UTF8'), 1"
                + " from generate_series(1, " + rows + ") n");
    }

    private void addStaged(String task, int rows) {
        store.execute("insert into among.staged_change (task_id, uid, expects) select " + task
                + ", convert_to('u' || n, 'UTF8'), false from generate_series(1, " + rows + ") n");
    }

    @AfterEach
    void dropSchema() {
        store.inTransaction(() -> store.execute("drop schema " + SCHEMA + " cascade"));
    }

    static Stream<Arguments> statements() {
        String some = "array[convert_to('u1', 'UTF8'), convert_to('u2', 'UTF8')], 2";
        return Stream.of(
                Arguments.of(AmongSql.HASHES, "bigint, bigint, bytea[], bigint", "99999, 7, " + some),
                Arguments.of(AmongSql.MARKS, "bigint, bigint, bytea[], bigint", "99999, 7, " + some),
                Arguments.of(AmongSql.STAGED, "uuid, bytea[], bigint", "'" + TASK + "', " + some));
    }

    private String plan(String explain) {
        List<?> lines = store.entityManager().createNativeQuery(explain).getResultList();
        return lines.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void looksForEachUidByTheIndex(String statement, String types, String values) {
        String plan = store.inTransaction(() -> {
            store.execute("set local search_path = among, public");
            store.execute("set local plan_cache_mode = force_generic_plan");
            store.execute("prepare of_some (" + types + ") as " + statement.replace('?', '$'));
            try {
                return plan("explain execute of_some (" + values + ")");
            } finally {
                store.execute("deallocate of_some");
            }
        });

        assertThat(plan.lines().filter(line -> line.contains("Index Cond:")))
                .singleElement()
                .asString()
                .contains("(uid = ");
        assertThat(plan).doesNotContain("Seq Scan").doesNotContain("Join Filter");
    }
}
