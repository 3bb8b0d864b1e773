package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.store.keyed.AmongSql;
import org.contactsync.store.row.ContactRow;
import org.contactsync.store.sql.Product;
import org.contactsync.store.write.WriteStaged;
import org.contactsync.sync.book.Alternation;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.jspecify.annotations.Nullable;

/**
 * Stores contacts in the table {@code contact}. New rows are persisted in JDBC batches, those of a chunk in one statement of PostgreSQL;
 * existing rows are updated in place.
 * Rows are never merged, which would read each one again with its card. Thread-safe, as the container's entity manager is.
 */
final class JpaContacts implements Contacts {
    private static final String OF_BOOK = " from Contact c where c.bookId = :book and c.generation = :generation";

    private static final String UPDATE = "update contact set card = ?, content_hash = ?, entry_sum = ?, seq = ?,"
            + " device = ?, alternation = ? where book_id = ? and generation = ? and uid = ?";

    private final EntityManager em;
    private final Product product;
    private final WriteStaged staged;

    JpaContacts(EntityManager em) {
        this.em = em;
        product = new Product(em);
        staged = new WriteStaged(em);
    }

    @Override
    public Map<Uid, Mark> marks(long book, long generation, Collection<Uid> uids) {
        if (uids.isEmpty()) {
            // PostgreSQL takes an empty list for one of texts.
            return Map.of();
        }
        Map<Uid, Mark> found = new HashMap<>();
        for (Object each : marked(book, generation, uids).getResultList()) {
            Object[] row = (Object[]) each;
            found.put(Uid.of((byte[]) row[0]), mark(row[1], row[2], row[3], row[4], row[5], row[6], row[7]));
        }
        return found;
    }

    static Mark mark(
            @Nullable Object hash,
            Object position,
            Object entry,
            @Nullable Object bytes,
            Object seq,
            @Nullable Object device,
            @Nullable Object alternation) {
        return new Mark(
                Optional.ofNullable((byte[]) hash).map(ContentHash::of),
                new Position((Integer) position),
                EntrySum.of((byte[]) entry),
                bytes == null ? 0 : ((Number) bytes).intValue(),
                Optional.ofNullable((String) device).map(DeviceId::new),
                Optional.ofNullable((byte[]) alternation)
                        .flatMap(stored -> Alternation.of(stored, ((Number) seq).longValue())));
    }

    /** Most steps change one contact, for which the statement is always the same. */
    private Query marked(long book, long generation, Collection<Uid> uids) {
        if (uids.size() > 1 && product.isPostgres()) {
            return among(AmongSql.MARKS, book, generation, uids);
        }
        String marks = "select c.uid, c.contentHash, c.position, c.entrySum, function('octet_length', c.card), c.seq,"
                + " c.device, c.alternation";
        return uids.size() == 1
                ? ofBook(marks, " and c.uid = :uid", book, generation)
                        .setParameter("uid", uids.iterator().next().utf8())
                : ofBook(marks, " and c.uid in :uids", book, generation).setParameter("uids", bytes(uids));
    }

    @Override
    public Map<Uid, ContentHash> hashes(long book, long generation, Collection<Uid> uids) {
        Map<Uid, ContentHash> found = new HashMap<>();
        for (Object each : hashed(book, generation, uids).getResultList()) {
            Object[] row = (Object[]) each;
            found.put(Uid.of((byte[]) row[0]), ContentHash.of((byte[]) row[1]));
        }
        return found;
    }

    /** A list would be another statement for each number of uids, with a parameter for each of them. */
    private Query hashed(long book, long generation, Collection<Uid> uids) {
        if (product.isPostgres()) {
            return among(AmongSql.HASHES, book, generation, uids);
        }
        return ofBook(
                        "select c.uid, c.contentHash",
                        " and c.uid in :uids and c.contentHash is not null",
                        book,
                        generation)
                .setParameter("uids", bytes(uids));
    }

    private Query among(String sql, long book, long generation, Collection<Uid> uids) {
        return em.createNativeQuery(sql)
                .setParameter(1, book)
                .setParameter(2, generation)
                .setParameter(3, bytes(uids).toArray(byte[][]::new))
                .setParameter(4, uids.size());
    }

    @Override
    public long cardBytes(long book, long generation) {
        Object sum = em.createNativeQuery("select coalesce(sum(octet_length(card)), 0) from contact"
                        + " where book_id = ?1 and generation = ?2")
                .setParameter(1, book)
                .setParameter(2, generation)
                .getSingleResult();
        return ((Number) sum).longValue();
    }

    /** Writes contacts and tombstones over what is there. */
    void write(long book, long generation, Writes writes) {
        List<StoredContact> changed = new ArrayList<>();
        for (StoredContact contact : writes.contacts()) {
            if (writes.existing().contains(contact.uid())) {
                changed.add(contact);
            } else {
                em.persist(new ContactRow(book, generation, contact));
            }
        }
        if (!changed.isEmpty()) {
            update(book, generation, changed, writes.alternations());
        }
        flushAndForget();
    }

    @Override
    public void insert(long book, long generation, Collection<StoredContact> contacts) {
        if (product.isPostgres()) {
            staged.write(book, generation, contacts);
            return;
        }
        contacts.forEach(contact -> em.persist(new ContactRow(book, generation, contact)));
        flushAndForget();
    }

    @Override
    public RowPage changedSince(long book, long generation, long seq, Optional<Uid> after, RowPage.Bounds bounds) {
        return new ContactSlices(em, book, generation).changed(seq, after, bounds);
    }

    @Override
    public List<FeedRow> feedRows(long book, long generation, long seq, Optional<Uid> uid, long last, int most) {
        return new Tombstones(em, book, generation).rows(seq, uid, last, most);
    }

    @Override
    public void removeTombstones(long book, long generation, long seq, Optional<Uid> uid, FeedRow last) {
        new Tombstones(em, book, generation).remove(seq, uid, last);
    }

    /** Updates rows without reading their cards, all at once: a commit may write over every contact of a book. */
    private void update(long book, long generation, List<StoredContact> contacts, Map<Uid, Alternation> alternations) {
        try (PreparedStatement update = em.unwrap(Connection.class).prepareStatement(UPDATE)) {
            update.setLong(7, book);
            update.setLong(8, generation);
            for (StoredContact contact : contacts) {
                update.setBytes(1, contact.now().map(now -> now.card().utf8()).orElse(null));
                update.setBytes(2, contact.now().map(now -> now.hash().bytes()).orElse(null));
                update.setBytes(3, contact.entry().bytes());
                update.setLong(4, contact.seq());
                update.setString(5, contact.device().map(DeviceId::value).orElse(null));
                Alternation alternation = alternations.get(contact.uid());
                update.setBytes(6, alternation == null ? null : alternation.bytes());
                update.setBytes(9, contact.uid().utf8());
                update.addBatch();
            }
            for (int rows : update.executeBatch()) {
                if (rows != 1) {
                    throw new IllegalStateException("contact row is gone: book=" + book + " generation=" + generation);
                }
            }
        } catch (SQLException e) {
            throw new PersistenceException(e);
        }
    }

    private TypedQuery<Object[]> ofBook(String select, String condition, long book, long generation) {
        return em.createQuery(select + OF_BOOK + condition, Object[].class)
                .setParameter("book", book)
                .setParameter("generation", generation);
    }

    private static List<byte[]> bytes(Collection<Uid> uids) {
        return uids.stream().map(Uid::utf8).toList();
    }

    /** A long upload must not keep its rows in memory. */
    private void flushAndForget() {
        em.flush();
        em.clear();
    }
}
