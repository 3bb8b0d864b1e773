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
import org.contactsync.store.keyed.PastVersionsSql;
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
        return rows(PastVersionsSql.OF_CONTACT, uid.utf8(), below, most);
    }

    List<Row> ofContactInRetired(Uid uid, long below, int most) {
        return rows(PastVersionsSql.OF_CONTACT_IN_RETIRED, uid.utf8(), below, most);
    }

    /** Cards that lost a conflict. */
    List<Row> lost(Uid uid, long below, int most) {
        return rows(PastVersionsSql.LOST_OF_CONTACT, uid.utf8(), below, most);
    }

    /** Cards that lost a conflict, of all contacts, the latest first. */
    List<Row> everyLost(Place place, int most) {
        String sql = PastVersionsSql.everyLost(place.below().isPresent(), most);
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
        Stream<Object> known = Stream.concat(Stream.of(generation), Arrays.stream(parameters));
        if (gap == Gaps.NONE) {
            return rows(PastVersionsSql.gone(keys, ofGeneration, most), known.toArray());
        }
        return rows(
                PastVersionsSql.goneAbove(parameters.length + 3, keys, ofGeneration, most),
                Stream.concat(known, Stream.of(gap)).toArray());
    }

    /**
     * All versions of {@code keys}.
     *
     * @param parameters as those of {@link #gone}
     */
    List<Row> every(String keys, boolean ofGeneration, long generation, int most, Object... parameters) {
        return rows(
                PastVersionsSql.every(keys, ofGeneration, most),
                Stream.concat(Stream.of(generation), Arrays.stream(parameters)).toArray());
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
            return JpaHistory.number(columns[8]) == PastVersionsSql.NEVER_THERE;
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
