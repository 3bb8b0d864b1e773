package org.contactsync.store;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.contactsync.store.CrowdedTables.Plan;
import org.contactsync.store.keyed.LookupSql;
import org.contactsync.store.keyed.LookupSql.Range;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a look-up and a step of its index read depends on what is asked for, also where PostgreSQL takes a book to have few rows. */
class LookupPlansIT {
    private static final int CONTACTS = 20_000;

    /** Entries of a slice. */
    private static final int SLICE = 200;

    private static final CrowdedTables TABLES =
            new CrowdedTables(PostgresForStores.store(), "lookup_plans", List.of("contact", "lookup_entry"));

    @BeforeAll
    static void fill() {
        TABLES.run(contacts("1 + n / 10, 1 + n % 60"), entries("1 + n / 10, 1"));
        TABLES.count("contact", "lookup_entry");
        TABLES.run(contacts("99999, 7"), entries("99999, 3"));
    }

    private static String contacts(String bookAndGeneration) {
        return "insert into contact (book_id, generation, uid, content_hash, position, entry_sum, seq) select "
                + bookAndGeneration + ", " + uid("n") + ", " + bytes("'h'") + ", 1, " + bytes("'s'")
                + ", 1 from generate_series(1, " + CONTACTS + ") n";
    }

    /** Two that all contacts have, and one of their own. */
    private static String entries(String bookAndEpoch) {
        return "insert into lookup_entry (book_id, epoch, uid, entry, seq, label, name, marks) select " + bookAndEpoch
                + ", " + uid("n") + ", " + bytes("e") + ", 1, '', '', 0 from generate_series(1, " + CONTACTS + ") n"
                + " cross join lateral (values ('all'), ('also'), ('w' || md5('w' || n))) as v(e)";
    }

    /** As those of phones: in no order. */
    private static String uid(Object number) {
        return bytes("md5('u' || " + number + ")");
    }

    private static String bytes(String text) {
        return "convert_to(" + text + ", 'UTF8')";
    }

    private static String bounds(String prefix) {
        return bytes(prefix) + ", " + bytes(prefix) + " || decode('ff', 'hex')";
    }

    @AfterAll
    static void drop() {
        TABLES.drop();
    }

    static Stream<Arguments> lookups() {
        return Stream.of(Plan.values())
                .flatMap(plan -> Stream.of(Range.values())
                        .flatMap(range ->
                                IntStream.rangeClosed(0, 2).mapToObj(others -> Arguments.of(plan, range, others))));
    }

    /** An entry costs four or five blocks for its contact, and as many for each of the other words. */
    @ParameterizedTest
    @MethodSource("lookups")
    void entries(Plan plan, Range range, int others) {
        String bounds = switch (range) {
            case FROM -> bounds("'a'");
            case BEHIND -> bytes("'all'") + ", " + bytes("'x'");
            case WITHIN -> bytes("'all'") + ", " + bytes("'4'");
        };
        String words = Stream.of("''", "'w'")
                .limit(others)
                .map(word -> ", " + bounds(word))
                .collect(Collectors.joining());

        TABLES.assertReads(
                plan,
                LookupSql.entries(range, others),
                "bigint, bigint, bigint, bytea, bytea, bigint" + ", bytea, bytea".repeat(others),
                "99999, 3, 7, " + bounds + ", " + SLICE + words,
                2_500L + 2_000L * others);
    }

    @ParameterizedTest
    @EnumSource
    void bytes(Plan plan) {
        TABLES.assertReads(plan, LookupSql.BYTES_AMONG, "bigint, bigint, bytea[], bigint", uidsFrom(1), 1_200);
    }

    @ParameterizedTest
    @EnumSource
    void remove(Plan plan) {
        TABLES.assertReads(
                plan,
                LookupSql.REMOVE_AMONG,
                "bigint, bigint, bytea[], bigint",
                uidsFrom(1_000 * (1 + plan.ordinal())),
                2_000);
    }

    /** A hundred contacts of the large book. */
    private static String uidsFrom(int first) {
        return IntStream.range(first, first + 100)
                .mapToObj(LookupPlansIT::uid)
                .collect(Collectors.joining(", ", "99999, 3, array[", "], 100"));
    }
}
