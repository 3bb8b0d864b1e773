package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.PastVersion;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.BookHistory.Page;
import org.contactsync.sync.history.BookHistory.Place;

/**
 * Past versions of a book's contacts: rows of {@code contact_version}, and contacts of generations that an upload has replaced. A large card
 * is read when its row is needed, so that few are in memory. Thread-safe, as the container's entity manager is.
 */
final class PastVersions {
    /** Cards up to this many bytes are read with their row: 1.6 MiB of the 402 rows that a page asks for at most. */
    private static final int SMALL = 4 * 1024;

    private static final String VERSION = "select v.uid, case when octet_length(v.card) <= " + SMALL
            + " then v.card end, v.content_hash, v.from_seq, v.device, v.until_seq, b.at_micros, b.device, cast(-1 as bigint)";

    private static final String LOST = "select l.uid, case when octet_length(l.card) <= " + SMALL
            + " then l.card end, l.content_hash, l.seq, b.device, l.seq, b.at_micros, b.device, cast(-2 as bigint)";

    private static final String RETIRED = "select c.uid, case when octet_length(c.card) <= " + SMALL
            + " then c.card end, c.content_hash, c.seq, c.device, b.seq, b.at_micros, b.device, c.generation";

    /** In the place of a generation, of a card that lost a conflict. */
    private static final long NEVER_THERE = -2;

    private static final String ROW_OF_KEY =
            "exists (select 1 from contact n where n.book_id = ?1 and n.generation = ?2 and n.uid = k.uid";

    /** Of keys k: the contact is not in the book, was not deleted by a later task, and has no later version. */
    private static final String GONE = " where not " + ROW_OF_KEY + " and (n.card is not null or n.seq > k.until_seq))"
            + " and not exists (select 1 from contact_version w where w.book_id = ?1 and w.uid = k.uid"
            + " and w.until_seq > k.until_seq)"
            + " and not exists (select 1 from retired_generation r join contact o on o.book_id = r.book_id"
            + " and o.generation = r.generation and o.uid = k.uid and o.card is not null"
            + " where r.book_id = ?1 and r.seq > k.until_seq)";

    private static final String LATEST_FIRST = " order by k.until_seq desc, k.uid desc limit ";

    private final EntityManager em;
    private final long book;

    PastVersions(EntityManager em, long book) {
        this.em = em;
        this.book = book;
    }

    /** A generation that the upload with that number has replaced. */
    record Retired(long seq, long generation) {}

    Optional<Retired> lastRetired(long seq) {
        List<?> found = query(
                        "select r.seq, r.generation from retired_generation r where r.book_id = ?1 and r.seq <= ?2"
                                + " order by r.seq desc limit 1",
                        seq)
                .getResultList();
        return found.stream()
                .findFirst()
                .map(each -> (Object[]) each)
                .map(row -> new Retired(JpaHistory.number(row[0]), JpaHistory.number(row[1])));
    }

    List<Row> ofContact(Uid uid, long below, int most) {
        return rows(
                VERSION + " from contact_version v join book_change b on b.book_id = v.book_id and b.seq = v.until_seq"
                        + " where v.book_id = ?1 and v.uid = ?2 and v.until_seq < ?3"
                        + " order by v.book_id desc, v.uid desc, v.until_seq desc limit ?4",
                uid.utf8(),
                below,
                most);
    }

    List<Row> ofContactInRetired(Uid uid, long below, int most) {
        return rows(
                RETIRED + " from retired_generation r"
                        + " join contact c on c.book_id = r.book_id and c.generation = r.generation"
                        + " join book_change b on b.book_id = r.book_id and b.seq = r.seq"
                        + " where r.book_id = ?1 and c.card is not null and c.uid = ?2 and r.seq < ?3"
                        + " order by r.seq desc limit ?4",
                uid.utf8(),
                below,
                most);
    }

    /** Cards that lost a conflict. */
    List<Row> lost(Uid uid, long below, int most) {
        return rows(
                LOST + " from lost_version l join book_change b on b.book_id = l.book_id and b.seq = l.seq"
                        + " where l.book_id = ?1 and l.uid = ?2 and l.seq < ?3"
                        + " order by l.book_id desc, l.uid desc, l.seq desc limit ?4",
                uid.utf8(),
                below,
                most);
    }

    /** Cards that lost a conflict, of all contacts, the latest first. */
    List<Row> everyLost(Place place, int most) {
        String sql = LOST + " from lost_version l join book_change b on b.book_id = l.book_id and b.seq = l.seq"
                + " where l.book_id = ?1 and l.seq <= ?2"
                + (place.below().isPresent() ? " and (l.seq < ?2 or l.uid < ?3)" : "")
                + " order by l.book_id desc, l.seq desc, l.uid desc limit " + most;
        return place.below().map(uid -> rows(sql, place.until(), uid.utf8())).orElseGet(() -> rows(sql, place.until()));
    }

    /**
     * Those of {@code keys} whose contact is not in the generation and that are its last version, as {@link Gaps} see it.
     *
     * @param keys a statement for book_id, uid and until_seq in descending order
     * @param ofGeneration whether they are of contacts of generation {@code ?4}
     * @param gap see {@link Gaps#last}
     * @param parameters of it, from the third on
     */
    List<Row> gone(String keys, boolean ofGeneration, long generation, long gap, int most, Object... parameters) {
        String rows = of(keys, ofGeneration);
        Stream<Object> known = Stream.concat(Stream.of(generation), Arrays.stream(parameters));
        if (gap == Gaps.NONE) {
            return rows(rows + GONE + LATEST_FIRST + most, known.toArray());
        }
        String notMissed = " and (k.until_seq > ?" + (parameters.length + 3) + " or " + ROW_OF_KEY + "))";
        return rows(
                rows + GONE + notMissed + LATEST_FIRST + most,
                Stream.concat(known, Stream.of(gap)).toArray());
    }

    /**
     * All versions of {@code keys}.
     *
     * @param parameters as those of {@link #gone}
     */
    List<Row> every(String keys, boolean ofGeneration, long generation, int most, Object... parameters) {
        // Parameter 2 is not used here.
        return rows(
                of(keys, ofGeneration) + " where ?2 is not null" + LATEST_FIRST + most,
                Stream.concat(Stream.of(generation), Arrays.stream(parameters)).toArray());
    }

    private static String of(String keys, boolean ofGeneration) {
        return ofGeneration
                ? RETIRED + " from (" + keys + ") k"
                        + " join contact c on c.book_id = k.book_id and c.generation = ?4 and c.uid = k.uid"
                        + " join book_change b on b.book_id = k.book_id and b.seq = k.until_seq"
                : VERSION + " from (" + keys + ") k"
                        + " join contact_version v on v.book_id = k.book_id and v.until_seq = k.until_seq and v.uid = k.uid"
                        + " join book_change b on b.book_id = k.book_id and b.seq = k.until_seq";
    }

    /**
     * As many of the rows as the bounds allow. Two of the same contact and task are not separated.
     *
     * @param next where it goes on behind all of them
     */
    static Page page(List<Row> rows, RowPage.Bounds bounds, Optional<Place> next) {
        List<PastVersion> page = new ArrayList<>();
        long bytes = 0;
        for (Row row : rows) {
            boolean full = !page.isEmpty() && (page.size() >= bounds.rows() || bytes >= bounds.bytes());
            if (full && !row.isBeside(page.get(page.size() - 1))) {
                PastVersion last = page.get(page.size() - 1);
                return new Page(page, Optional.of(new Place(last.until(), Optional.of(last.uid()))));
            }
            Deadline.current().check();
            Optional<PastVersion> version = row.read();
            if (version.isPresent()) {
                bytes += version.get().content().card().length();
                page.add(version.get());
            }
        }
        return new Page(page, next);
    }

    /** @param parameters from the second on */
    private List<Row> rows(String sql, Object... parameters) {
        List<?> rows = query(sql, parameters).getResultList();
        return rows.stream().map(row -> new Row((Object[]) row)).toList();
    }

    /** @param parameters from the second on */
    Query query(String sql, Object... parameters) {
        return Parameters.setFrom(
                2, ReadingTime.bound(em.createNativeQuery(sql)).setParameter(1, book), parameters);
    }

    /** A version whose card may still have to be read. */
    final class Row {
        private final Object[] columns;

        private Row(Object[] columns) {
            this.columns = columns;
        }

        long until() {
            return JpaHistory.number(columns[5]);
        }

        private boolean isBeside(PastVersion other) {
            return other.until() == until() && other.uid().equals(Uid.of((byte[]) columns[0]));
        }

        private boolean wasLost() {
            return JpaHistory.number(columns[8]) == NEVER_THERE;
        }

        /** Empty when it has been removed meanwhile. */
        Optional<PastVersion> read() {
            byte[] card = (byte[]) columns[1];
            return card == null ? large().map(this::version) : Optional.of(version(card));
        }

        private Optional<byte[]> large() {
            long generation = JpaHistory.number(columns[8]);
            List<?> found = generation >= 0
                    ? query(
                                    "select c.card from contact c where c.book_id = ?1 and c.generation = ?2 and c.uid = ?3",
                                    generation,
                                    columns[0])
                            .getResultList()
                    : query(
                                    wasLost()
                                            ? "select l.card from lost_version l where l.book_id = ?1 and l.seq = ?2"
                                                    + " and l.uid = ?3"
                                            : "select v.card from contact_version v where v.book_id = ?1"
                                                    + " and v.until_seq = ?2 and v.uid = ?3",
                                    columns[5],
                                    columns[0])
                            .getResultList();
            return found.stream().findFirst().map(each -> (byte[]) each);
        }

        private PastVersion version(byte[] card) {
            return new PastVersion(
                    Uid.of((byte[]) columns[0]),
                    new Content(CanonicalCard.ofTrusted(card), ContentHash.of((byte[]) columns[2])),
                    JpaHistory.device(columns[4]),
                    JpaHistory.number(columns[3]),
                    until(),
                    JpaHistory.at(columns[6]),
                    JpaHistory.device(columns[7]),
                    wasLost());
        }
    }
}
