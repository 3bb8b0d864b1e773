package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.Uid;
import org.contactsync.store.row.ContactKey;
import org.contactsync.store.row.ContactRow;
import org.contactsync.store.sql.Product;
import org.contactsync.store.sql.ReadingTime;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookPages;

/**
 * Reads slices of the table {@code contact}, each along one of its indexes. Thread-safe, as the container's entity manager
 * is.
 */
final class JpaPages implements BookPages {
    /** A request that reads twice must see what was committed in between, not what it has read before. */
    private static final String REFRESH = "eclipselink.refresh";

    private static final String LEAF = "select c.uid, c.contentHash, c.position, c.entrySum from Contact c"
            + " where c.bookId = :book and c.contentHash is not null and ";

    /** See {@link ContactSlices#GENERATION_APART}. */
    private static final String GENERATION_APART = "abs(c.generation - :generation) < 1";

    private static final String BY_UID =
            LEAF + "c.generation = :generation and c.uid > :after order by c.bookId, c.generation, c.uid";

    private static final String AT_POSITION = LEAF + GENERATION_APART
            + " and c.position = :first and c.uid > :after order by c.bookId, c.position, c.uid";

    private static final String IN_RANGE =
            LEAF + GENERATION_APART + " and c.position between :first and :last order by c.bookId, c.position, c.uid";

    private static final String CHANGED = "select c.position from Contact c where c.bookId = :book and "
            + GENERATION_APART + " and c.seq > :seq order by c.bookId, c.seq, c.uid";

    /** One row for many contacts: what costs most of reading a book is otherwise the way of each row through driver and provider. */
    private static final String PACKED = "select string_agg(int4send(s.position) || s.entry_sum, cast('' as bytea)),"
            + " (array_agg(s.uid))[cast(count(*) as integer)] from (select c.uid, c.position, c.entry_sum from contact c"
            + " where c.book_id = ?1 and c.generation = ?2 and c.content_hash is not null and c.uid > ?3"
            + " order by c.book_id, c.generation, c.uid limit ?4) s";

    private static final byte[] BEFORE_ALL = {};

    /** Positions: some 780 contacts of a book of 200,000. In a small book the windows grow until they have enough. */
    private static final int WINDOW = 256;

    private static final int WIDER = 4;

    private final EntityManager em;
    private final Product product;

    JpaPages(EntityManager em) {
        this.em = em;
        product = new Product(em);
    }

    @Override
    public RowPage contacts(long book, long generation, Optional<Uid> after, RowPage.Bounds bounds) {
        return new ContactSlices(em, book, generation).byUid(after, bounds);
    }

    @Override
    public Optional<StoredContact> contact(long book, long generation, Uid uid) {
        ContactKey key = new ContactKey(book, generation, uid);
        return Optional.ofNullable(em.find(ContactRow.class, key, ReadingTime.bound(Map.of(REFRESH, true))))
                .map(ContactRow::contact)
                .filter(contact -> contact.now().isPresent());
    }

    @Override
    public List<Leaf> leaves(long book, long generation, Optional<Uid> after, int most) {
        return leaves(query(BY_UID, Object[].class, book, generation, most)
                .setParameter("after", after.map(Uid::utf8).orElse(BEFORE_ALL)));
    }

    @Override
    public Packed packed(long book, long generation, Optional<Uid> after, int most) {
        if (!product.isPostgres()) {
            return BookPages.super.packed(book, generation, after, most);
        }
        Object[] row = (Object[]) ReadingTime.bound(em.createNativeQuery(PACKED))
                .setParameter(1, book)
                .setParameter(2, generation)
                .setParameter(3, after.map(Uid::utf8).orElse(BEFORE_ALL))
                .setParameter(4, most)
                .getSingleResult();
        return row[0] == null
                ? new Packed(BEFORE_ALL, Optional.empty())
                : new Packed((byte[]) row[0], Optional.of(Uid.of((byte[]) row[1])));
    }

    @Override
    public List<Leaf> leaves(long book, long generation, PositionRange range, Optional<Uid> after, int most) {
        int first = range.first().value();
        List<Leaf> leaves = new ArrayList<>();
        after.ifPresent(uid -> leaves.addAll(leaves(query(AT_POSITION, Object[].class, book, generation, most)
                .setParameter("first", first)
                .setParameter("after", uid.utf8()))));
        int next = after.isPresent() ? first + 1 : first;
        // Window by window: a planner that assumes that the generation is rare sorts all of a wide range for a few
        // rows.
        for (int width = WINDOW; leaves.size() < most && next <= range.last().value(); width *= WIDER) {
            int end = Math.min(range.last().value(), next + width - 1);
            leaves.addAll(leaves(query(IN_RANGE, Object[].class, book, generation, most - leaves.size())
                    .setParameter("first", next)
                    .setParameter("last", end)));
            next = end + 1;
        }
        return leaves;
    }

    @Override
    public List<Position> changedPositions(long book, long generation, long seq, int most) {
        return query(CHANGED, Integer.class, book, generation, most).setParameter("seq", seq).getResultList().stream()
                .map(Position::new)
                .toList();
    }

    private <T> TypedQuery<T> query(String text, Class<T> type, long book, long generation, int most) {
        return ReadingTime.bound(em.createQuery(text, type))
                .setParameter("book", book)
                .setParameter("generation", generation)
                .setMaxResults(most);
    }

    private static List<Leaf> leaves(TypedQuery<Object[]> query) {
        return query.getResultList().stream()
                .map(row -> new Leaf(
                        Uid.of((byte[]) row[0]),
                        ContentHash.of((byte[]) row[1]),
                        new Position((Integer) row[2]),
                        EntrySum.of((byte[]) row[3])))
                .toList();
    }
}
