package org.contactsync.store.lookup;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Query;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.contactsync.contact.Uid;
import org.contactsync.lookup.LookupRows.Derived;
import org.contactsync.protocol.lookup.Mark;
import org.contactsync.store.keyed.LookupSql;
import org.contactsync.store.sql.Product;

/** Writes entries, many at once, within the transaction of the caller. */
final class EntryWriter {
    /** Uids in one statement. */
    private static final int UIDS = 100;

    private static final String INSERT =
            "insert into lookup_entry (book_id, epoch, uid, entry, seq, label, name, marks) values (?, ?, ?, ?, ?, ?, ?, ?)";

    private final EntityManager em;
    private final Product product;

    EntryWriter(EntityManager em) {
        this.em = em;
        product = new Product(em);
    }

    long add(long book, long epoch, Collection<Derived> contacts) {
        long bytes = 0;
        try (PreparedStatement insert = em.unwrap(Connection.class).prepareStatement(INSERT)) {
            insert.setLong(1, book);
            insert.setLong(2, epoch);
            boolean any = false;
            for (Derived contact : contacts) {
                insert.setBytes(3, contact.uid().utf8());
                insert.setLong(5, contact.seq());
                insert.setString(7, contact.card().name());
                insert.setInt(8, Mark.bits(contact.card().marks()));
                for (Map.Entry<String, String> entry : contact.card().entries().entrySet()) {
                    byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
                    insert.setBytes(4, key);
                    insert.setString(6, entry.getValue());
                    insert.addBatch();
                    any = true;
                    bytes += LookupSql.ROW + 2L * (contact.uid().utf8().length + key.length);
                }
            }
            if (any) {
                insert.executeBatch();
            }
        } catch (SQLException e) {
            throw new PersistenceException(e);
        }
        return bytes;
    }

    long remove(long book, long epoch, Collection<Uid> contacts) {
        boolean postgres = product.isPostgres();
        String sum = postgres ? LookupSql.BYTES_AMONG : LookupSql.bytesIn(UIDS);
        String delete = postgres ? LookupSql.REMOVE_AMONG : LookupSql.removeIn(UIDS);
        long bytes = 0;
        List<Uid> uids = contacts.stream().distinct().toList();
        for (int from = 0; from < uids.size(); from += UIDS) {
            List<Uid> part = uids.subList(from, Math.min(uids.size(), from + UIDS));
            long removed = ((Number) ofUids(sum, book, epoch, part).getSingleResult()).longValue();
            if (removed > 0) {
                ofUids(delete, book, epoch, part).executeUpdate();
                bytes += removed;
            }
        }
        return bytes;
    }

    private Query ofUids(String sql, long book, long epoch, List<Uid> uids) {
        Query query = em.createNativeQuery(sql).setParameter(1, book).setParameter(2, epoch);
        if (product.isPostgres()) {
            return query.setParameter(3, uids.stream().map(Uid::utf8).toArray(byte[][]::new))
                    .setParameter(4, uids.size());
        }
        for (int i = 0; i < UIDS; i++) {
            // One text of the statement for any number of uids: the last one is asked for repeatedly.
            query.setParameter(3 + i, uids.get(Math.min(i, uids.size() - 1)).utf8());
        }
        return query;
    }

    /** Follows the primary key from its beginning; the database has passed over what was removed before. */
    boolean removeSome(long book, long epoch, int most) {
        List<?> end = em.createNativeQuery("select uid from lookup_entry where book_id = ?1 and epoch = ?2"
                        + " order by book_id, epoch, uid, entry limit 1 offset ?3")
                .setParameter(1, book)
                .setParameter(2, epoch)
                .setParameter(3, most - 1)
                .getResultList();
        if (end.isEmpty()) {
            em.createNativeQuery("delete from lookup_entry where book_id = ?1 and epoch = ?2")
                    .setParameter(1, book)
                    .setParameter(2, epoch)
                    .executeUpdate();
            return false;
        }
        em.createNativeQuery("delete from lookup_entry where book_id = ?1 and epoch = ?2 and uid <= ?3")
                .setParameter(1, book)
                .setParameter(2, epoch)
                .setParameter(3, end.get(0))
                .executeUpdate();
        return true;
    }
}
