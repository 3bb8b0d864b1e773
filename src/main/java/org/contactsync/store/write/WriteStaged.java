package org.contactsync.store.write;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import org.contactsync.store.sql.Named;
import org.contactsync.store.sql.RowArrays;
import org.contactsync.store.sql.StagingSql;
import org.contactsync.sync.book.StoredContact;

/** Adds contacts to a generation that nobody reads yet, in one statement of PostgreSQL (decision 58). Thread-safe. */
public final class WriteStaged {
    private final EntityManager em;

    public WriteStaged(EntityManager em) {
        this.em = em;
    }

    /**
     * Adds contacts and tombstones, of which none has a row.
     *
     * @throws PersistenceException if one has a row; the transaction must be rolled back
     */
    public void write(long book, long generation, Collection<StoredContact> contacts) {
        if (contacts.isEmpty()) {
            return;
        }
        RowArrays rows = new RowArrays(StagingSql.CONTACT);
        contacts.forEach(contact -> bind(rows.addRow(), contact));
        try (PreparedStatement insert = em.unwrap(Connection.class).prepareStatement(StagingSql.INSERT)) {
            insert.setLong(1, book);
            insert.setLong(2, generation);
            rows.bind(insert, 3);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new PersistenceException(e);
        }
    }

    private static void bind(Named row, StoredContact contact) {
        WriteTogether.bind(row, contact);
        row.set("position", contact.position().value());
        if (contact.now().isEmpty()) {
            row.set("card", null).set("contentHash", null);
        }
    }
}
