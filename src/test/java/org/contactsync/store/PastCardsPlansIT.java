package org.contactsync.store;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.store.CrowdedTables.Plan;
import org.contactsync.store.keyed.AmongHistorySql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PostgreSQL finds the history of each uid by the index, also where it takes a book to have few rows. */
class PastCardsPlansIT {
    /** What 100 uids cost in tables of this size, three blocks of the index and one row each, and a margin. */
    private static final long FEW = 1_800;

    /** The same where each row that is found leads to one of a second table, or is written there. */
    private static final long TWICE = 2_600;

    private static final String CONTENTS = "99999, " + array("uid") + ", " + array("hash") + ", 100";
    private static final String OF_GENERATION = "99999, 7, " + array("uid") + ", 100";
    private static final String KNOWN_TYPES = "bigint, bytea[], bytea[], bigint, bigint";

    private static final CrowdedTables TABLES = new CrowdedTables(
            PostgresForStores.store(),
            "past_cards",
            List.of("contact", "contact_version", "lost_version", "book_change", "retired_generation"));

    /** Books of 40 contacts are counted. The large one comes later; its contacts were the same in a replaced generation. */
    @BeforeAll
    static void fill() {
        TABLES.run(
                "create function uid(n bigint) returns bytea immutable language sql"
                        + " as $$ select convert_to(md5('u' || n), 'UTF8') $$",
                "create function hash(n bigint) returns bytea immutable language sql"
                        + " as $$ select decode(md5('h' || n), 'hex') $$",
                contacts("1 + n / 40, 1 + n / 40 % 60"),
                versions("1 + n / 10, 2 + n % 60"),
                lost("1 + n / 10, 2 + n % 60"),
                changes("1 + n / 10, 2 + n % 60"),
                "insert into retired_generation (book_id, generation, seq, staged_bytes)"
                        + " select 1 + n / 10, 1 + n % 60, 2 + n % 60, 1 from generate_series(1, 20000) n");
        TABLES.count("contact", "contact_version", "lost_version", "book_change", "retired_generation");
        TABLES.run(
                contacts("99999, 7"),
                contacts("99999, 6"),
                versions("99999, 100 + n"),
                lost("99999, 100 + n"),
                changes("99999, 100 + n"),
                "insert into retired_generation (book_id, generation, seq, staged_bytes) values (99999, 6, 200, 1)");
    }

    private static String contacts(String bookAndGeneration) {
        return "insert into contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq) select "
                + bookAndGeneration + ", uid(n), 'c', hash(n), 1, 's', 1 from generate_series(1, 20000) n";
    }

    private static String versions(String bookAndSeq) {
        return "insert into contact_version (book_id, until_seq, uid, from_seq, card, content_hash, position, entry_sum)"
                + " select " + bookAndSeq + ", uid(n), 1, 'c', hash(n), 1, 's' from generate_series(1, 20000) n";
    }

    private static String lost(String bookAndSeq) {
        return "insert into lost_version (book_id, seq, uid, card, content_hash) select " + bookAndSeq
                + ", uid(n), 'c', hash(n) from generate_series(1, 20000) n";
    }

    private static String changes(String bookAndSeq) {
        return "insert into book_change (book_id, seq, at_micros, generation, kind, task_id, code_before, code_after,"
                + " contact_count, puts, deletes, bytes_before) select " + bookAndSeq
                + ", n, 7, 'CHANGES', gen_random_uuid(), 'a', 'b', 1, 1, 1, 1 from generate_series(1, 20000) n";
    }

    private static String array(String function) {
        return IntStream.rangeClosed(1, 100)
                .mapToObj(n -> function + "(" + n + ")")
                .collect(Collectors.joining(", ", "array[", "]"));
    }

    @AfterAll
    static void drop() {
        TABLES.drop();
    }

    /** These rows stay: numbers of changes that no other test asks for. */
    @ParameterizedTest
    @EnumSource
    void keep(Plan plan) {
        TABLES.assertReads(
                plan,
                AmongHistorySql.KEEP,
                "bigint, bigint, bytea[], bigint, bigint",
                OF_GENERATION + ", " + (1 + plan.ordinal()),
                TWICE);
    }

    @ParameterizedTest
    @EnumSource
    void still(Plan plan) {
        TABLES.assertReads(
                plan, AmongHistorySql.STILL, "bigint, bigint, bytea[], bigint, bigint", OF_GENERATION + ", 50", FEW);
    }

    @ParameterizedTest
    @EnumSource
    void ended(Plan plan) {
        TABLES.assertReads(
                plan,
                AmongHistorySql.ENDED,
                "bigint, bigint, bytea[], bigint",
                "99999, 50, " + array("uid") + ", 100",
                FEW);
    }

    @ParameterizedTest
    @EnumSource
    void knownNow(Plan plan) {
        TABLES.assertReads(plan, AmongHistorySql.KNOWN_NOW, KNOWN_TYPES, CONTENTS + ", 7", FEW);
    }

    @ParameterizedTest
    @EnumSource
    void knownEnded(Plan plan) {
        TABLES.assertReads(plan, AmongHistorySql.KNOWN_ENDED, KNOWN_TYPES + ", bigint", CONTENTS + ", 0, 10000", TWICE);
    }

    @ParameterizedTest
    @EnumSource
    void knownLost(Plan plan) {
        TABLES.assertReads(plan, AmongHistorySql.KNOWN_LOST, KNOWN_TYPES + ", bigint", CONTENTS + ", 0, 10000", TWICE);
    }

    @ParameterizedTest
    @EnumSource
    void knownRetired(Plan plan) {
        TABLES.assertReads(
                plan, AmongHistorySql.KNOWN_RETIRED, KNOWN_TYPES + ", bigint", CONTENTS + ", 0, 10000", TWICE);
    }
}
