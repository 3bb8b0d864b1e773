package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.Optional;
import org.contactsync.protocol.DeviceId;
import org.contactsync.sync.BookState;
import org.contactsync.sync.Contacts.Writes;
import org.contactsync.sync.StoredContact;
import org.contactsync.sync.SyncTask;

/**
 * A book's row, at most one contact of it and the row of the task that did it, in one statement of PostgreSQL. H2 has no
 * statement that changes one table and adds to another. The book must not have a hold.
 */
final class WriteTogether {
    /** Named queries, so that they are translated once: without a contact, with one that is changed, deleted or new. */
    static final String NO_CONTACT = "Book.writeAlone";

    static final String CHANGED_CONTACT = "Book.writeWithChangedContact";
    static final String DELETED_CONTACT = "Book.writeWithDeletedContact";
    static final String NEW_CONTACT = "Book.writeWithNewContact";

    static final String WRITING_NO_CONTACT = Sql.BOOK + Sql.TASK + Sql.NO_OTHERS;
    static final String WRITING_CHANGED_CONTACT =
            Sql.BOOK + Sql.CHANGED + "card = ?35, content_hash = ?36" + Sql.OF_BOOK + Sql.TASK + Sql.OTHERS;
    static final String WRITING_DELETED_CONTACT =
            Sql.BOOK + Sql.CHANGED + "card = null, content_hash = null" + Sql.OF_BOOK + Sql.TASK + Sql.OTHERS;
    static final String WRITING_NEW_CONTACT = Sql.BOOK + Sql.ADDED + Sql.TASK + Sql.OTHERS;

    /** Behind the parameters of the task. */
    private static final int FIRST_OF_CONTACT = 30;

    private WriteTogether() {}

    /** Their parts. Of a contact come first what every one has, then its card and hash, then what only a new one needs. */
    private static final class Sql {
        /** The book's columns are parameters 1 to 9, its id and revision 10 and 11. Nothing is written when it has moved on. */
        static final String BOOK = "with saved as (" + JpaBooks.UPDATE + "null, hold_until_millis = null"
                + JpaBooks.AT_REVISION + " returning id)";

        static final String CHANGED =
                ", written as (update contact set entry_sum = ?30, seq = ?31, device = cast(?32 as varchar), ";
        static final String OF_BOOK =
                " from saved where contact.book_id = saved.id and generation = ?33 and uid = ?34 returning 1)";
        static final String ADDED =
                ", written as (insert into contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq,"
                        + " device) select saved.id, ?33, ?34, ?35, ?36, ?37, ?30, ?31, cast(?32 as varchar) from saved"
                        + " returning 1)";

        /** The task's row is added only when the others are written, and is told of only when it is new. */
        static final String TASK = " insert into sync_task (book_id, " + TaskRow.COLUMNS + ") select saved.id, "
                + TaskRow.VALUES + " from saved";

        static final String NO_OTHERS = " on conflict (id) do nothing returning 1";
        static final String OTHERS = ", written" + NO_OTHERS;

        private Sql() {}
    }

    /**
     * The query with its parameters set; empty when these writes need more than one. It comes to one row, or has to be rolled
     * back.
     */
    static Optional<Query> query(EntityManager em, BookState locked, BookState changed, Writes writes, SyncTask done) {
        if (changed.hold().isPresent() || writes.contacts().size() > 1) {
            return Optional.empty();
        }
        Optional<StoredContact> contact = writes.contacts().stream().findFirst();
        boolean isNew =
                contact.isPresent() && !writes.existing().contains(contact.get().uid());
        if (isNew && contact.get().now().isEmpty()) {
            return Optional.empty();
        }
        Query all = em.createNamedQuery(contact.map(one -> name(one, isNew)).orElse(NO_CONTACT));
        new TaskRow(done).bind(JpaBooks.bound(all, locked, changed));
        contact.ifPresent(one -> bind(all, changed.generation(), one, isNew));
        return Optional.of(all);
    }

    private static String name(StoredContact contact, boolean isNew) {
        if (isNew) {
            return NEW_CONTACT;
        }
        return contact.now().isPresent() ? CHANGED_CONTACT : DELETED_CONTACT;
    }

    private static void bind(Query query, long generation, StoredContact contact, boolean isNew) {
        int at = FIRST_OF_CONTACT;
        query.setParameter(at++, contact.entry().bytes())
                .setParameter(at++, contact.seq())
                .setParameter(at++, contact.device().map(DeviceId::value).orElse(null))
                .setParameter(at++, generation)
                .setParameter(at++, contact.uid().utf8());
        if (contact.now().isPresent()) {
            query.setParameter(at++, contact.now().get().card().utf8())
                    .setParameter(at++, contact.now().get().hash().bytes());
        }
        if (isNew) {
            query.setParameter(at, contact.position().value());
        }
    }
}
