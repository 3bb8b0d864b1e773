package org.contactsync.store;

import java.util.List;
import java.util.stream.Stream;
import org.contactsync.store.CrowdedTables.Plan;
import org.contactsync.store.keyed.AmongSql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PostgreSQL looks for each uid by the index, also where it takes a book to have few rows. */
class AmongPlanIT {
    private static final int LARGE = 20_000;

    /** What 100 uids cost in tables of this size, three blocks of the index and one row each, and a margin. */
    private static final long FEW = 700;

    private static final String TASK = "'00000000-0000-4000-8000-000000000001'";
    private static final String UIDS = "array["
            + String.join(
                    ", ",
                    Stream.iterate(1, n -> n + 1)
                            .limit(100)
                            .map(CrowdedTables::uid)
                            .toList()) + "]";

    private static final CrowdedTables TABLES =
            new CrowdedTables(PostgresForStores.store(), "among", List.of("contact", "staged_change"));

    @BeforeAll
    static void fill() {
        TABLES.run(
                contacts("1 + n / 10, 1 + n % 60", 30_000),
                "insert into staged_change (task_id, uid, expects) select gen_random_uuid(), " + CrowdedTables.uid("n")
                        + ", false from generate_series(1, 10000) n");
        TABLES.count("contact", "staged_change");
        TABLES.run(
                contacts("99999, 7", LARGE),
                "insert into staged_change (task_id, uid, expects) select cast(" + TASK + " as uuid), "
                        + CrowdedTables.uid("n") + ", false from generate_series(1, " + LARGE + ") n");
    }

    private static String contacts(String bookAndGeneration, int rows) {
        return "insert into contact (book_id, generation, uid, position, entry_sum, seq) select " + bookAndGeneration
                + ", " + CrowdedTables.uid("n") + ", 1, convert_to('s', 'UTF8'), 1 from generate_series(1, " + rows
                + ") n";
    }

    @AfterAll
    static void drop() {
        TABLES.drop();
    }

    @ParameterizedTest
    @EnumSource
    void hashes(Plan plan) {
        TABLES.assertReads(
                plan, AmongSql.HASHES, "bigint, bigint, bytea[], bigint", "99999, 7, " + UIDS + ", 100", FEW);
    }

    @ParameterizedTest
    @EnumSource
    void marks(Plan plan) {
        TABLES.assertReads(plan, AmongSql.MARKS, "bigint, bigint, bytea[], bigint", "99999, 7, " + UIDS + ", 100", FEW);
    }

    @ParameterizedTest
    @EnumSource
    void staged(Plan plan) {
        TABLES.assertReads(plan, AmongSql.STAGED, "uuid, bytea[], bigint", TASK + ", " + UIDS + ", 100", FEW);
    }
}
