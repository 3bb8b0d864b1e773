package org.contactsync.store;

import static org.contactsync.store.keyed.PastVersionsSql.contacts;
import static org.contactsync.store.keyed.PastVersionsSql.every;
import static org.contactsync.store.keyed.PastVersionsSql.everyLost;
import static org.contactsync.store.keyed.PastVersionsSql.gone;
import static org.contactsync.store.keyed.PastVersionsSql.goneAbove;
import static org.contactsync.store.keyed.PastVersionsSql.versions;
import static org.contactsync.store.keyed.PastVersionsSql.versionsOfTask;

import java.util.List;
import org.contactsync.store.CrowdedTables.Plan;
import org.contactsync.store.keyed.PastVersionsSql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PostgreSQL looks for each past version by its whole key, also where it takes a book to have few rows. */
class HistoryPlansIT {
    /** The large book. Each of its changes ended a version; the one after them replaced generation 6 by 7, which has half of the contacts. */
    private static final int LARGE = 20_000;

    private static final String UPLOAD = String.valueOf(LARGE + 1);

    /** Keys that the trash looks at, and rows that a page asks for. */
    private static final int SLICE = 500;

    private static final int PAGE = 101;

    /** Of a slice of 500 keys: up to five rows are looked for with each, three blocks of an index and one of the table for each. */
    private static final long SLICE_BLOCKS = 15_000;

    /** Of a page of 101 rows: 310 to 820 are read. */
    private static final long PAGE_BLOCKS = 2_000;

    /** Of one row: 7 to 13 are read. */
    private static final long ROW_BLOCKS = 35;

    private static final String SOME = "bigint, bytea, bigint, bigint";
    private static final String LAST_UID = "'\\x7a'";

    private static final CrowdedTables TABLES = new CrowdedTables(
            PostgresForStores.store(),
            "history_plans",
            List.of("contact", "contact_version", "lost_version", "book_change", "retired_generation"));

    @BeforeAll
    static void fill() {
        TABLES.run(
                contactRows("1 + n / 10, 1 + n % 60", "n", 30_000),
                versionRows("1 + n / 10", 30_000),
                lostRows("1 + n / 10", 30_000),
                changeRows("n", 3_000),
                "insert into retired_generation (book_id, generation, seq, staged_bytes)"
                        + " select n, 1 + n % 60, n, 1 from generate_series(1, 3000) n");
        TABLES.count("contact", "contact_version", "lost_version", "book_change", "retired_generation");
        TABLES.run(
                contactRows("99999, 6", "n", LARGE),
                contactRows("99999, 7", "(2 * n)", LARGE),
                versionRows("99999", LARGE),
                lostRows("99999", LARGE),
                changeRows("99999", LARGE + 1),
                "insert into retired_generation (book_id, generation, seq, staged_bytes) values (99999, 6, " + UPLOAD
                        + ", 1)");
    }

    private static String contactRows(String bookAndGeneration, String number, int rows) {
        return "insert into contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq) select "
                + bookAndGeneration + ", " + CrowdedTables.uid(number) + ", 'c', 'h', 1, 's', 1" + numbers(rows);
    }

    private static String versionRows(String book, int rows) {
        return "insert into contact_version (book_id, until_seq, uid, from_seq, card, content_hash, position, entry_sum)"
                + " select " + book + ", n, " + CrowdedTables.uid("n") + ", 1, 'c', 'h', 1, 's'" + numbers(rows);
    }

    private static String lostRows(String book, int rows) {
        return "insert into lost_version (book_id, seq, uid, card, content_hash) select " + book + ", n, "
                + CrowdedTables.uid("n") + ", 'c', 'h'" + numbers(rows);
    }

    private static String changeRows(String book, int rows) {
        return "insert into book_change (book_id, seq, at_micros, generation, kind, task_id, code_before, code_after,"
                + " contact_count, puts, deletes, bytes_before) select " + book
                + ", n, n, 7, 'INCREMENTAL', gen_random_uuid(), 'c', 'c', 1, 1, 0, 0" + numbers(rows);
    }

    private static String numbers(int rows) {
        return " from generate_series(1, " + rows + ") n";
    }

    @AfterAll
    static void drop() {
        TABLES.drop();
    }

    @ParameterizedTest
    @EnumSource
    void goneWithAGeneration(Plan plan) {
        TABLES.assertReads(
                plan,
                gone(contacts(false, SLICE), true, PAGE),
                "bigint, bigint, bigint, bigint",
                "99999, 7, " + UPLOAD + ", 6",
                SLICE_BLOCKS);
    }

    @ParameterizedTest
    @EnumSource
    void goneWithAGenerationAboveAGap(Plan plan) {
        TABLES.assertReads(
                plan,
                goneAbove(6, contacts(true, SLICE), true, PAGE),
                "bigint, bigint, bigint, bigint, bytea, bigint",
                "99999, 7, " + UPLOAD + ", 6, " + LAST_UID + ", 5",
                SLICE_BLOCKS);
    }

    @ParameterizedTest
    @EnumSource
    void goneByAChange(Plan plan) {
        TABLES.assertReads(
                plan,
                gone(versions(SLICE), false, PAGE),
                "bigint, bigint, bigint, bigint",
                "99999, 7, " + LARGE + ", -1",
                SLICE_BLOCKS);
    }

    @ParameterizedTest
    @EnumSource
    void goneByAChangeAboveAGap(Plan plan) {
        TABLES.assertReads(
                plan,
                goneAbove(5, versionsOfTask(SLICE), false, PAGE),
                "bigint, bigint, bigint, bytea, bigint",
                "99999, 7, " + LARGE + ", " + LAST_UID + ", 5",
                ROW_BLOCKS);
    }

    @ParameterizedTest
    @EnumSource
    void everyOfAGeneration(Plan plan) {
        TABLES.assertReads(
                plan,
                every(contacts(false, PAGE), true, PAGE),
                "bigint, bigint, bigint, bigint",
                "99999, 7, " + UPLOAD + ", 6",
                PAGE_BLOCKS);
    }

    @ParameterizedTest
    @EnumSource
    void everyVersion(Plan plan) {
        TABLES.assertReads(
                plan,
                every(versions(PAGE), false, PAGE),
                "bigint, bigint, bigint, bigint",
                "99999, 7, " + LARGE + ", -1",
                PAGE_BLOCKS);
    }

    @ParameterizedTest
    @EnumSource
    void versionsOfAContact(Plan plan) {
        TABLES.assertReads(
                plan,
                PastVersionsSql.OF_CONTACT,
                SOME,
                "99999, " + CrowdedTables.uid(7) + ", " + UPLOAD + ", 101",
                ROW_BLOCKS);
    }

    @ParameterizedTest
    @EnumSource
    void aContactInRetiredGenerations(Plan plan) {
        TABLES.assertReads(
                plan,
                PastVersionsSql.OF_CONTACT_IN_RETIRED,
                SOME,
                "99999, " + CrowdedTables.uid(7) + ", 1 + " + UPLOAD + ", 101",
                ROW_BLOCKS);
    }

    @ParameterizedTest
    @EnumSource
    void lostOfAContact(Plan plan) {
        TABLES.assertReads(
                plan,
                PastVersionsSql.LOST_OF_CONTACT,
                SOME,
                "99999, " + CrowdedTables.uid(7) + ", " + UPLOAD + ", 101",
                ROW_BLOCKS);
    }

    @ParameterizedTest
    @EnumSource
    void lostOfAllContacts(Plan plan) {
        TABLES.assertReads(plan, everyLost(false, PAGE), "bigint, bigint", "99999, " + LARGE, PAGE_BLOCKS);
        TABLES.assertReads(
                plan, everyLost(true, PAGE), "bigint, bigint, bytea", "99999, " + LARGE + ", " + LAST_UID, PAGE_BLOCKS);
    }

    /** Looks at 3,000 changes: each one has one before it. */
    @ParameterizedTest
    @EnumSource
    void changesBeforeMissingOnes(Plan plan) {
        TABLES.assertReads(plan, PastVersionsSql.BEFORE_MISSING, "bigint, bigint", "99999, 3000", 25_000);
    }
}
