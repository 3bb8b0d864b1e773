package org.contactsync.store;

import java.util.List;
import org.contactsync.store.CrowdedTables.Plan;
import org.contactsync.store.keyed.AmongSql;
import org.contactsync.store.sql.GroupSql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What locks, feeds and receipts read of large books depends on what is asked for, whatever PostgreSQL expects of books. */
class BookPlansIT {
    private static final int LARGE = 20_000;

    /** Blocks for a few rows by an index. */
    private static final long FEW = 100;

    /** Blocks for a page of 100 rows that lie anywhere. */
    private static final long PAGE = 200;

    private static final CrowdedTables TABLES =
            new CrowdedTables(PostgresForStores.store(), "books", List.of("book", "contact", "sync_task"));

    @BeforeAll
    static void fill() {
        TABLES.run(
                books("1, 3000"), contacts("1 + n / 10, 1 + (1 + n / 10) % 60", 30_000), tasks("1 + n / 10", 30_000));
        TABLES.count("book", "contact", "sync_task");
        TABLES.run(
                books("90001, 90003"),
                contacts("90001, 1 + 90001 % 60", LARGE),
                contacts("90002, 1 + 90002 % 60", LARGE),
                contacts("90003, 1 + 90003 % 60", LARGE),
                tasks("90001", LARGE));
    }

    private static String books(String firstAndLast) {
        return "insert into book (id, owner_key, issuer, subject, check_key, generation, last_generation, contact_count,"
                + " entry_sum, seq, changes_from, open_tasks, revision) overriding system value select n, 'k' || n, 'i', 's' || n,"
                + " convert_to('k', 'UTF8'), 1 + n % 60, 60, 0, convert_to('s', 'UTF8'), 0, 0, 0, 0"
                + " from generate_series(" + firstAndLast + ") n";
    }

    private static String contacts(String bookAndGeneration, int rows) {
        return "insert into contact (book_id, generation, uid, position, entry_sum, seq) select " + bookAndGeneration
                + ", "
                + CrowdedTables.uid("n") + ", n % 65536, convert_to('s', 'UTF8'), 1 + (n * 7919) % " + LARGE
                + " from generate_series(1, "
                + rows + ") n";
    }

    private static String tasks(String book, int rows) {
        return "insert into sync_task (id, book_id, kind, state, accepted_at_micros, request_digest, first_code, reply_queue,"
                + " reply_correlation, expires_at_millis, attempts, seq_after, code_after) select gen_random_uuid(), "
                + book
                + ", 'INCREMENTAL', 'DONE', n, 'd', 'c', 'q', gen_random_uuid(), n, 0, n, md5('c' || n) from generate_series(1, "
                + rows + ") n";
    }

    @AfterAll
    static void drop() {
        TABLES.drop();
    }

    @ParameterizedTest
    @EnumSource
    void groupsReadOneContactOfEachBook(Plan plan) {
        String owners = "array['k90001', 'k5', 'k90002', 'k90003']";
        String tasks = "array[" + "cast(gen_random_uuid() as text), ".repeat(3) + "cast(gen_random_uuid() as text)]";
        String uids = "array[" + CrowdedTables.uid(1) + ", " + CrowdedTables.uid(42) + ", " + CrowdedTables.uid(3)
                + ", null]";

        TABLES.assertReads(
                plan,
                GroupSql.LOCK_FREE,
                "text[], text[], bytea[], bigint",
                owners + ", " + tasks + ", " + uids + ", 4",
                FEW);
    }

    @ParameterizedTest
    @EnumSource
    void aPageOfTheFeedIsReadInItsOrder(Plan plan) {
        String types = "bigint, bigint, int, bigint";
        String place = "90001, " + (1 + 90_001 % 60) + ", 16384, ";

        TABLES.assertReads(plan, ContactSlices.AFTER_SEQ, types + ", bigint", place + "500, 100", PAGE);
        TABLES.assertReads(plan, ContactSlices.WITHIN_SEQ, types + ", bytea, bigint", place + "500, '\\x00', 100", FEW);
    }

    @ParameterizedTest
    @EnumSource
    void receiptsAreFoundByTheirCodes(Plan plan) {
        TABLES.assertReads(
                plan,
                AmongSql.WITH_CODES,
                "bigint, text[], bigint",
                "90001, array[md5('c1'), md5('c2'), md5('none')], 3",
                FEW);
    }
}
