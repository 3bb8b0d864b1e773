package org.contactsync.store.write;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.contactsync.store.history.HistoryWriter;
import org.contactsync.store.row.TaskRow;
import org.contactsync.store.sql.BookColumns;
import org.contactsync.store.sql.GroupSql;
import org.contactsync.store.sql.Named;
import org.contactsync.store.sql.RowArrays;
import org.contactsync.sync.book.ContactChanges.Few;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.EndedTask;

/** Writes {@link WriteTogether#isUsual usual} updates of different books in one statement of PostgreSQL. */
public final class WriteMany {
    private final EntityManager em;

    public WriteMany(EntityManager em) {
        this.em = em;
    }

    /**
     * Writes the updates whose tasks have no row.
     *
     * @return the ids of the books that were written
     * @throws StaleBookException if a book is not at its revision any more; the transaction must be rolled back
     */
    public Set<Long> write(List<BookUpdate> updates) {
        if (updates.isEmpty()) {
            return Set.of();
        }
        RowArrays books = new RowArrays(GroupSql.UPDATE);
        RowArrays contacts = new RowArrays(GroupSql.CONTACT);
        for (BookUpdate update : updates) {
            bind(books.addRow(), update);
            Writes writes = ((Few) update.contacts()).writes();
            for (StoredContact contact : writes.contacts()) {
                bind(contacts.addRow(), update, writes, contact);
            }
        }
        try (PreparedStatement write = em.unwrap(Connection.class).prepareStatement(GroupSql.WRITE)) {
            contacts.bind(write, books.bind(write, 1));
            try (ResultSet rows = write.executeQuery()) {
                return readWritten(rows, updates);
            }
        } catch (SQLException e) {
            throw new PersistenceException(e);
        }
    }

    private static void bind(Named row, BookUpdate update) {
        EndedTask ended = update.ended().get(0);
        BookColumns.bind(row, update.before(), update.after());
        new TaskRow(ended.task()).bind(row);
        HistoryWriter.bind(row, update, ended);
        row.set("puts", update.contacts().puts())
                .set("deletes", update.contacts().deletes());
    }

    private static void bind(Named row, BookUpdate update, Writes writes, StoredContact contact) {
        WriteTogether.bind(row, contact);
        if (contact.now().isEmpty()) {
            row.set("card", null).set("contentHash", null);
        }
        row.set("book", update.before().id())
                .set("generation", update.after().generation())
                .set("existing", writes.existing().contains(contact.uid()))
                .set("position", contact.position().value())
                .set("alternation", WriteTogether.alternation(writes, contact));
    }

    private static Set<Long> readWritten(ResultSet rows, List<BookUpdate> updates) throws SQLException {
        Set<Long> written = new HashSet<>();
        long books = 0;
        long contacts = 0;
        while (rows.next()) {
            written.add(rows.getLong(1));
            books = rows.getLong(2);
            contacts = rows.getLong(3);
        }
        long expected = 0;
        for (BookUpdate update : updates) {
            if (written.contains(update.before().id())) {
                expected += ((Few) update.contacts()).writes().contacts().size();
            }
        }
        if (books != written.size() || contacts != expected) {
            BookUpdate first = updates.get(0);
            throw new StaleBookException(first.before().id(), first.before().revision());
        }
        return written;
    }
}
