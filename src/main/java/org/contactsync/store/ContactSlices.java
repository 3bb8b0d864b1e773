package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.store.sql.Parameters;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.jspecify.annotations.Nullable;

/**
 * Reads one generation of a book with its cards, slice by slice along an index. A slice includes small cards; large ones
 * are read when their row is needed, so that a slice has at most 1.6 MiB of cards. Always queries the database.
 * Thread-safe, as the container's entity manager is.
 */
final class ContactSlices {
    /** Cards up to this many bytes are read with their slice. */
    private static final int SMALL = 16 * 1024;

    private static final byte[] BEFORE_ALL = {};

    private static final String COLUMNS = "c.content_hash, c.position, c.entry_sum, c.seq, c.device";

    /** Parameter 3 is the size of a small card. */
    private static final String SLICE = "select c.uid, case when octet_length(c.card) <= ?3 then c.card end, " + COLUMNS
            + " from contact c where c.book_id = ?1 and ";

    /**
     * The generation, for no index: the planner is not to prefer the primary key to the index with the right order, and would then read and sort the whole
     * generation for each slice. PostgreSQL expects one row in three of a comparison like this; of {@code generation + 0 = ?2} it expects one in
     * two hundred, and then reads all rows behind the beginning of the slice to sort them.
     */
    static final String GENERATION_APART = "abs(c.generation - ?2) < 1";

    private static final String BY_UID = SLICE
            + "c.generation = ?2 and c.content_hash is not null and c.uid > ?4"
            + " order by c.book_id, c.generation, c.uid limit ?5";

    static final String WITHIN_SEQ =
            SLICE + GENERATION_APART + " and c.seq = ?4 and c.uid > ?5 order by c.book_id, c.seq, c.uid limit ?6";

    static final String AFTER_SEQ =
            SLICE + GENERATION_APART + " and c.seq > ?4 order by c.book_id, c.seq, c.uid limit ?5";

    private static final String ONE = "select c.uid, c.card, " + COLUMNS
            + " from contact c where c.book_id = ?1 and c.generation = ?2 and c.uid = ?3";

    private final EntityManager em;
    private final long book;
    private final long generation;

    ContactSlices(EntityManager em, long book, long generation) {
        this.em = em;
        this.book = book;
        this.generation = generation;
    }

    /** Live contacts in the order of their uids. */
    RowPage byUid(Optional<Uid> after, RowPage.Bounds bounds) {
        return RowPage.of(
                (last, most) -> rows(
                        BY_UID,
                        SMALL,
                        last.map(StoredContact::uid)
                                .or(() -> after)
                                .map(Uid::utf8)
                                .orElse(BEFORE_ALL),
                        most),
                bounds);
    }

    /** Contacts and tombstones in the order of the feed, after {@code seq}, and at {@code seq + 1} after {@code after}. */
    RowPage changed(long seq, Optional<Uid> after, RowPage.Bounds bounds) {
        return RowPage.of(
                (last, most) -> last.map(row -> changed(row.seq(), Optional.of(row.uid()), most))
                        .orElseGet(() -> changed(after.isPresent() ? seq + 1 : seq, after, most)),
                bounds);
    }

    private List<Row> changed(long seq, Optional<Uid> within, int most) {
        List<Row> rows = new ArrayList<>();
        within.ifPresent(uid -> rows.addAll(rows(WITHIN_SEQ, SMALL, seq, uid.utf8(), most)));
        if (rows.size() < most) {
            rows.addAll(rows(AFTER_SEQ, SMALL, seq, most - rows.size()));
        }
        return rows;
    }

    private List<Row> rows(String sql, Object... parameters) {
        return query(sql, parameters).stream().map(Row::new).toList();
    }

    /** @param parameters from the third on */
    @SuppressWarnings("unchecked")
    private List<Object[]> query(String sql, Object... parameters) {
        Query query = ReadingTime.bound(em.createNativeQuery(sql))
                .setParameter(1, book)
                .setParameter(2, generation);
        return Parameters.setFrom(3, query, parameters).getResultList();
    }

    private final class Row implements Supplier<StoredContact> {
        private final Object[] columns;

        Row(Object[] columns) {
            this.columns = columns;
        }

        @Override
        public StoredContact get() {
            boolean cardMissing = columns[1] == null && columns[2] != null;
            // If a row has disappeared meanwhile, the book has changed; the reader checks for that.
            List<Object[]> whole = cardMissing ? query(ONE, columns[0]) : List.of();
            return contact(whole.isEmpty() ? columns : whole.get(0));
        }
    }

    private static StoredContact contact(Object[] row) {
        return new StoredContact(
                Uid.of((byte[]) row[0]),
                content((byte[]) row[1], (byte[]) row[2]),
                new Position((Integer) row[3]),
                EntrySum.of((byte[]) row[4]),
                (Long) row[5],
                Optional.ofNullable((String) row[6]).map(DeviceId::new));
    }

    private static Optional<Content> content(byte @Nullable [] card, byte @Nullable [] hash) {
        return card == null || hash == null
                ? Optional.empty()
                : Optional.of(new Content(CanonicalCard.ofTrusted(card), ContentHash.of(hash)));
    }
}
