package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.NOON;

import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.contactsync.account.DeviceRows;
import org.contactsync.account.ErasedAccounts;
import org.contactsync.account.Sighting;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.account.Installation.Known;
import org.contactsync.protocol.account.RequestKind;
import org.contactsync.store.account.BookTables;
import org.contactsync.store.account.JpaDeviceRows;
import org.contactsync.store.account.JpaErasedAccounts;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Books.Wanted;
import org.junit.jupiter.api.Test;

/** Of an erased account no row is left, in whatever table; and what is known of devices is bounded. */
interface AccountContract {
    String CANARY = "canary-7f3a";
    UUID TASK = UUID.fromString("0badcafe-0000-4000-8000-00000000beef");

    /** Steps in which a table has more rows than one step removes. */
    int FEW = 2;

    JpaTestStore jpaStore();

    /** @param type in lower case */
    record Column(String name, String type, int length) {}

    /** A table that is added to the schema is found here, and has to be emptied. */
    @Test
    default void anErasedAccountLeavesNoRowInAnyTable() {
        BookState book = book(ADA);
        BookState others = book(BOB);
        fill(book.id());
        assertThat(traces(book.id(), ADA)).hasSizeGreaterThan(20);

        assertThat(erase(ADA)).hasValue(book.id());
        assertThat(jpaStore().books().read(ADA)).isEmpty();
        assertThat(erase(ADA)).as("again").isEmpty();
        assertThat(due(NOON.plusSeconds(11))).containsExactly(book.id());
        int steps = 1;
        while (removeSome(book.id(), NOON)) {
            assertThat(++steps).isLessThan(100);
        }
        assertThat(steps).isGreaterThan(3);
        assertThat(traces(book.id(), ADA)).containsExactly("erased_book.book_id");

        assertThat(due(NOON.plusSeconds(11))).isEmpty();
        assertThat(jpaStore().books().read(BOB)).contains(others);
    }

    /** Whoever had read of the book before may add rows of it afterwards. */
    @Test
    default void rowsThatAreAddedAfterwardsAreRemovedToo() {
        BookState book = book(ADA);
        erase(ADA);
        while (removeSome(book.id(), NOON)) {
            // in steps
        }
        fill(book.id());
        Instant later = NOON.plus(ErasedAccounts.AFTERWARDS);

        assertThat(due(later.minusSeconds(1))).isEmpty();
        assertThat(due(later)).containsExactly(book.id());
        while (removeSome(book.id(), later)) {
            // in steps
        }
        assertThat(traces(book.id(), ADA)).isEmpty();
        assertThat(due(later)).isEmpty();
        assertThat(jpaStore().rows("select mark, mark from erasure_mark")).hasSize(1);
    }

    @Test
    default void nothingButAFirstRequestMakesABookAgain() {
        BookState before = book(ADA);
        erase(ADA);

        assertThat(jpaStore().inTransaction(() -> jpaStore().books().lockExisting(ADA)))
                .isEmpty();
        assertThat(jpaStore().inTransaction(() -> jpaStore().books().lockExistingNow(ADA, Wanted.NOTHING)))
                .isEmpty();
        assertThat(jpaStore().books().read(ADA)).isEmpty();

        BookState after = book(ADA);
        assertThat(after.id()).isNotEqualTo(before.id());
        assertThat(after.key()).isNotEqualTo(before.key());
        assertThat(after.seq()).isZero();
        assertThat(locked(ADA).map(Locked::book)).contains(after);
        assertThat(mayHaveBeenErased(ADA)).isTrue();
        book(BOB);
        assertThat(mayHaveBeenErased(BOB)).isFalse();
    }

    @Test
    default void devicesAreListedWithTheLastStateThatTheyHad() {
        BookState book = book(ADA);
        CheckCode empty = BookReadings.checkCode(book);
        CheckCode unknown = new CheckCode("ck1." + "A".repeat(43));
        jpaStore()
                .inTransaction(() -> rows().save(
                                List.of(
                                        sighting("tablet", RequestKind.READ, Optional.of(empty)),
                                        sighting("phone", RequestKind.CHANGE, Optional.empty()),
                                        sighting("watch", RequestKind.LOOKUP, Optional.of(unknown)),
                                        new Sighting(BOB, new DeviceId("none"), RequestKind.READ, Optional.empty())),
                                NOON));
        Instant later = NOON.plusSeconds(60);
        jpaStore()
                .inTransaction(
                        () -> rows().save(List.of(sighting("tablet", RequestKind.EVENTS, Optional.empty())), later));

        assertThat(rows().list(book))
                .containsExactly(
                        new Installation(
                                new DeviceId("tablet"), later, RequestKind.EVENTS, Optional.of(new Known(0, empty))),
                        new Installation(new DeviceId("phone"), NOON, RequestKind.CHANGE, Optional.empty()),
                        new Installation(new DeviceId("watch"), NOON, RequestKind.LOOKUP, Optional.empty()));
        assertThat(rows().list(book(BOB))).isEmpty();

        assertThat(forget(ADA, "tablet")).isTrue();
        assertThat(forget(ADA, "tablet")).isFalse();
        assertThat(rows().list(book)).extracting(each -> each.id().value()).containsExactly("phone", "watch");
    }

    /** What a device changed is known to the moment, without a row that is written for it. */
    @Test
    default void theHistoryTellsWhatADeviceHasHadSince() {
        BookState book = book(ADA);
        CheckCode first = new CheckCode("ck1." + "A".repeat(43));
        CheckCode second = new CheckCode("ck1." + "B".repeat(42) + "A");
        jpaStore()
                .inTransaction(() -> rows().save(
                                List.of(
                                        sighting("phone", RequestKind.READ, Optional.of(first)),
                                        sighting("tablet", RequestKind.READ, Optional.of(first))),
                                NOON));
        change(book, 4, "tablet", first, NOON.minusSeconds(5));
        change(book, 5, "phone", second, NOON.plusSeconds(5));
        change(book, 6, "stranger", first, NOON.plusSeconds(9));

        assertThat(rows().list(book))
                .containsExactly(
                        new Installation(
                                new DeviceId("phone"),
                                NOON.plusSeconds(5),
                                RequestKind.CHANGE,
                                Optional.of(new Known(5, second))),
                        new Installation(
                                new DeviceId("tablet"), NOON, RequestKind.READ, Optional.of(new Known(4, first))));
    }

    @Test
    default void theDevicesOfAUserAreBounded() {
        BookState book = book(ADA);
        for (int i = 0; i < Installation.MOST + 7; i++) {
            Sighting sighting = sighting("device-" + i, RequestKind.READ, Optional.empty());
            Instant at = NOON.plusSeconds(i);
            jpaStore().inTransaction(() -> rows().save(List.of(sighting), at));
        }

        assertThat(rows().list(book))
                .hasSize(Installation.MOST)
                .extracting(each -> each.id().value())
                .startsWith("device-" + (Installation.MOST + 6))
                .endsWith("device-7");
        assertThat(count("select count(*), count(*) from seen_device")).isEqualTo(Installation.MOST);
    }

    private BookState book(Owner owner) {
        return jpaStore().inTransaction(() -> jpaStore().books().lock(owner).book());
    }

    private Optional<Locked> locked(Owner owner) {
        return jpaStore().inTransaction(() -> jpaStore().books().lockExisting(owner));
    }

    private boolean mayHaveBeenErased(Owner owner) {
        return jpaStore().inTransaction(() -> jpaStore().books().lock(owner).mayHaveBeenErased());
    }

    private ErasedAccounts accounts() {
        return new JpaErasedAccounts(jpaStore().entityManager());
    }

    private OptionalLong erase(Owner owner) {
        return jpaStore().inTransaction(() -> accounts().erase(owner, NOON));
    }

    private boolean removeSome(long book, Instant now) {
        return jpaStore().inTransaction(() -> accounts().removeSome(book, FEW, now));
    }

    private List<Long> due(Instant now) {
        return jpaStore().inTransaction(() -> accounts().due(now, 10));
    }

    private DeviceRows rows() {
        return new JpaDeviceRows(jpaStore().entityManager());
    }

    private boolean forget(Owner owner, String device) {
        return jpaStore().inTransaction(() -> rows().forget(owner, new DeviceId(device)));
    }

    private static Sighting sighting(String device, RequestKind kind, Optional<CheckCode> code) {
        return new Sighting(ADA, new DeviceId(device), kind, code);
    }

    private void change(BookState book, long seq, String device, CheckCode after, Instant at) {
        jpaStore()
                .inTransaction(() -> jpaStore()
                        .execute(
                                "insert into book_change (book_id, seq, at_micros, generation, kind, task_id, device, code_before,"
                                        + " code_after, contact_count, puts, deletes, bytes_before)"
                                        + " values (?1, ?2, ?3, 0, 'INCREMENTAL', ?4, ?5, 'x', ?6, 0, 0, 0, 0)",
                                book.id(),
                                seq,
                                at.toEpochMilli() * 1_000,
                                UUID.randomUUID(),
                                device,
                                after.value()));
    }

    /** Rows of the book with something to recognise in every table that can have some, and more than a step removes in one. */
    private void fill(long book) {
        jpaStore().inTransaction(() -> {
            jpaStore().execute("delete from webhook_endpoint");
            insert("webhook_endpoint", book, 1, "endpoint");
            for (String table : tables()) {
                List<String> columns = columns(table).stream().map(Column::name).toList();
                boolean ofBook = Stream.of("book_id", "of_book", "task_id").anyMatch(columns::contains);
                if (ofBook && !table.equals("erased_book")) {
                    insert(table, book, 1, CANARY);
                }
            }
            for (int i = 2; i < 9; i++) {
                insert("contact", book, i, CANARY + i);
                insert("staged_change", book, i, CANARY + i);
            }
        });
    }

    private void insert(String table, long book, int number, String text) {
        List<String> names = new ArrayList<>();
        List<String> places = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (Column column : columns(table)) {
            names.add(column.name());
            values.add(value(column, book, number, text));
            places.add("?" + values.size());
        }
        jpaStore()
                .execute(
                        "insert into " + table + " (" + String.join(", ", names) + ") values ("
                                + String.join(", ", places) + ")",
                        values.toArray());
    }

    private static Object value(Column column, long book, int number, String text) {
        if (column.name().equals("state")) {
            return "RECEIVING";
        }
        if (column.name().equals("endpoint_id")) {
            return 1_000_001L;
        }
        if (column.name().equals("book_id") || column.name().equals("of_book")) {
            return book;
        }
        return switch (column.type()) {
            // Far from what the database numbers by itself.
            case "bigint" -> column.name().equals("id") ? 1_000_000L + number : (long) number;
            case "integer" -> number;
            case "boolean" -> false;
            case "uuid" -> TASK;
            case "bytea", "binary varying", "binary large object" -> text.getBytes(StandardCharsets.UTF_8);
            case "character varying", "text" ->
                text.substring(0, Math.min(text.length(), column.length() == 0 ? text.length() : column.length()));
            default -> throw new AssertionError("a type that the test does not know: " + column);
        };
    }

    private List<String> tables() {
        return jpaStore()
                .rows("select lower(table_name), 1 from information_schema.tables"
                        + " where lower(table_schema) = 'public' and table_type = 'BASE TABLE' order by 1")
                .stream()
                .map(row -> (String) row[0])
                .filter(name -> !name.startsWith("flyway"))
                .toList();
    }

    private List<Column> columns(String table) {
        return jpaStore()
                .rows(
                        "select lower(column_name), lower(data_type), character_maximum_length"
                                + " from information_schema.columns where lower(table_schema) = 'public'"
                                + " and lower(table_name) = ?1",
                        table)
                .stream()
                .map(row ->
                        new Column((String) row[0], (String) row[1], row[2] == null ? 0 : ((Number) row[2]).intValue()))
                .toList();
    }

    /** Columns in which something of the account is. */
    private List<String> traces(long book, Owner owner) {
        List<String> needles = List.of(CANARY, owner.key(), TASK.toString());
        List<String> found = new ArrayList<>();
        for (String table : tables()) {
            List<String> names = columns(table).stream().map(Column::name).toList();
            for (int i = 0; i < names.size(); i++) {
                String column = names.get(i);
                for (Object[] row : jpaStore().rows("select " + column + ", 1 from " + table)) {
                    boolean ofBook = (column.equals("book_id") || column.equals("of_book"))
                            && row[0] != null
                            && ((Number) row[0]).longValue() == book;
                    String text = text(row[0]);
                    boolean named = table.equals("book") && column.equals("subject") && text.equals(owner.subject());
                    if ((ofBook || named || needles.stream().anyMatch(text::contains))
                            && !found.contains(table + "." + column)) {
                        found.add(table + "." + column);
                    }
                }
            }
        }
        return found;
    }

    private static String text(Object value) {
        try {
            if (value instanceof Blob blob) {
                return new String(blob.getBytes(1, (int) blob.length()), StandardCharsets.UTF_8);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }

    private long count(String sql) {
        return ((Number) jpaStore().rows(sql).get(0)[0]).longValue();
    }

    /** What the list of tables says is what the schema has. */
    @Test
    default void everyTableOfABookIsKnown() {
        List<String> known = Stream.of(BookTables.BY_BOOK, BookTables.BY_ENDPOINT, BookTables.BY_TASK)
                .flatMap(List::stream)
                .toList();
        for (String table : tables()) {
            List<String> columns = columns(table).stream().map(Column::name).toList();
            if ((columns.contains("book_id") || columns.contains("task_id"))
                    && !table.equals("garbage")
                    && !table.equals("erased_book")) {
                assertThat(known).as("tables that an erasure empties").contains(table);
            }
        }
    }
}
