package org.contactsync.store.webhook;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.store.sql.DatabaseTime;
import org.contactsync.store.sql.Parameters;
import org.contactsync.webhook.Deliveries;
import org.contactsync.webhook.Deliveries.Part;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an endpoint has not been told of, book by book: a book whose number is higher than that of the endpoint's cursor. Numbers of
 * one book are in the order of commits, because each is written under the book's lock. The last change of a book is always there, also
 * when the history has expired. Thread-safe, as the container's entity manager is.
 */
final class PendingChanges {
    /** Of one part: what a run keeps in memory. */
    private static final int MOST_FOUND = 500;

    private static final String TOLD =
            " from book b left join webhook_cursor w on w.endpoint_id = ?1 and w.book_id = b.id";

    private static final String NONE_WAITS = " and not exists (select 1 from webhook_delivery d"
            + " where d.endpoint_id = ?1 and d.book_id = b.id and d.dead = false)";

    /** A book without a cursor counts if its last change is of the endpoint's time: one look along the key, whatever the planner knows. */
    private static final String BEHIND = "select b.id" + TOLD + " where b.id > ?2 and b.id <= ?3"
            + " and (w.seq < b.seq or w.seq is null and (select c.at_micros from book_change c where c.book_id = b.id"
            + " order by c.book_id desc, c.seq desc limit 1) >= ?4)" + NONE_WAITS + " order by b.id limit "
            + MOST_FOUND;

    private static final String BOOK = "select b.id, b.owner_key, b.seq, w.seq" + TOLD + " where ";

    private static final String CHANGE =
            "select c.seq, c.at_micros, c.code_before, c.code_after from book_change c where c.book_id = ?1";

    private static final String OLDEST_FIRST = " order by c.book_id, c.seq limit ";
    private static final String LATEST_FIRST = " order by c.book_id desc, c.seq desc limit ";

    private final EntityManager em;

    PendingChanges(EntityManager em) {
        this.em = em;
    }

    /** A book, and the number up to which it has been told of; empty if it has not been. */
    record Book(long id, String owner, long seq, OptionalLong told) {}

    private record Change(long seq, Instant at, CheckCode before, CheckCode after) {}

    Part walk(EndpointState endpoint, long after, int most) {
        Object last = query(
                        "select max(id) from (select id from book where id > ?1 order by id limit ?2) b", after, most)
                .getResultList()
                .get(0);
        if (last == null) {
            return new Part(List.of(), OptionalLong.empty());
        }
        List<?> rows = query(BEHIND, endpoint.id(), after, last, micros(endpoint.since()))
                .getResultList();
        List<Long> books = rows.stream().map(PendingChanges::number).toList();
        return new Part(books, OptionalLong.of(books.size() == MOST_FOUND ? books.get(MOST_FOUND - 1) : number(last)));
    }

    /** A book of which no delivery waits. */
    Optional<Book> book(EndpointState endpoint, long id) {
        return book("b.id = ?2" + NONE_WAITS, endpoint.id(), id);
    }

    /** The same by the key that stands for its user. */
    Optional<Book> bookOf(EndpointState endpoint, String owner) {
        return book("b.owner_key = ?2" + NONE_WAITS, endpoint.id(), owner);
    }

    /** By the same key, whatever waits. */
    Optional<Book> anyBookOf(EndpointState endpoint, String owner) {
        return book("b.owner_key = ?2", endpoint.id(), owner);
    }

    private Optional<Book> book(String condition, Object... parameters) {
        List<?> rows = query(BOOK + condition, parameters).getResultList();
        return rows.stream()
                .findFirst()
                .map(each -> (Object[]) each)
                .map(row -> new Book(number(row[0]), (String) row[1], number(row[2]), optional(row[3])));
    }

    /** What is told next of the book. */
    Optional<Delivery> next(EndpointState endpoint, Book book) {
        long start = start(endpoint, book);
        return start < book.seq() ? Optional.of(after(book, start, OptionalLong.empty())) : Optional.empty();
    }

    /** Up to where the endpoint has been told of the book, or need not be. */
    long start(EndpointState endpoint, Book book) {
        if (book.told().isPresent()) {
            return book.told().getAsLong();
        }
        long since = micros(endpoint.since());
        List<Change> earlier = changes(CHANGE + " and c.at_micros < ?2" + LATEST_FIRST + "1", book.id(), since);
        if (!earlier.isEmpty()) {
            return earlier.get(0).seq();
        }
        return oldest(book).map(change -> change - 1).orElse(book.seq());
    }

    /** The number of the oldest change of the book that is kept. */
    Optional<Long> oldest(Book book) {
        return changes(CHANGE + OLDEST_FIRST + "1", book.id()).stream()
                .findFirst()
                .map(Change::seq);
    }

    /**
     * The changes after a number as one delivery: one of them, or all if they are many.
     *
     * @param through where it ends, if the history still has that change
     */
    Delivery after(Book book, long start, OptionalLong through) {
        List<Change> changes =
                changes(CHANGE + " and c.seq > ?2" + OLDEST_FIRST + (Deliveries.ONE_BY_ONE + 1), book.id(), start);
        if (changes.isEmpty()) {
            return withoutHistory(book, start);
        }
        Change first = changes.get(0);
        Change last = through.isPresent()
                ? changes(CHANGE + " and c.seq = ?2" + OLDEST_FIRST + "1", book.id(), through.getAsLong()).stream()
                        .filter(change -> change.seq() >= first.seq())
                        .findFirst()
                        .orElse(first)
                : changes.size() > Deliveries.ONE_BY_ONE ? latest(book).orElse(first) : first;
        return new Delivery(
                book.id(),
                book.owner(),
                start,
                first.seq(),
                last.seq(),
                Optional.of(first.before()),
                last.after(),
                last.at(),
                first.at(),
                0,
                Optional.empty());
    }

    private Optional<Change> latest(Book book) {
        return changes(CHANGE + LATEST_FIRST + "1", book.id()).stream().findFirst();
    }

    /** The changes were removed before they were told, or a version that keeps no history made them: the book as it is now. */
    private Delivery withoutHistory(Book book, long start) {
        Object[] row = (Object[]) query(
                        "select b.check_key, b.contact_count, b.entry_sum, b.seq, " + DatabaseTime.MICROS
                                + " from book b where b.id = ?1",
                        book.id())
                .getSingleResult();
        CheckCode now = new CheckCodes(CheckKey.of((byte[]) row[0]))
                .checkCode(new BookDigest(number(row[1]), EntrySum.of((byte[]) row[2])));
        Instant at = DatabaseTime.of(row[4]);
        long seq = number(row[3]);
        return new Delivery(
                book.id(),
                book.owner(),
                start,
                Math.min(start + 1, seq),
                seq,
                Optional.empty(),
                now,
                at,
                at,
                0,
                Optional.empty());
    }

    private List<Change> changes(String sql, Object... parameters) {
        List<Change> changes = new ArrayList<>();
        for (Object each : query(sql, parameters).getResultList()) {
            Object[] row = (Object[]) each;
            changes.add(new Change(
                    number(row[0]), DatabaseTime.of(row[1]), new CheckCode((String) row[2]), new CheckCode((String)
                            row[3])));
        }
        return changes;
    }

    private Query query(String sql, Object... parameters) {
        return Parameters.set(em.createNativeQuery(sql), parameters);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static long number(@Nullable Object value) {
        return value == null ? 0 : ((Number) value).longValue();
    }

    static OptionalLong optional(@Nullable Object value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(number(value));
    }
}
