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
    /** The book's columns are parameters 1 to 8, its id and revision 9 and 10. Nothing is written when it has moved on. */
    private static final String BOOK = "with saved as (" + JpaBooks.UPDATE + "null, hold_until_millis = null"
            + JpaBooks.AT_REVISION + " returning id)";

    /** Behind those of the task: what every contact has; then its card and hash; then what only a new one needs. */
    private static final int FIRST_OF_CONTACT = TaskRow.FIRST_VALUE + TaskRow.NUMBER_OF_VALUES;

    private static final String CHANGED =
            ", written as (update contact set entry_sum = ?29, seq = ?30," + " device = cast(?31 as varchar), ";
    private static final String OF_BOOK =
            " from saved where contact.book_id = saved.id and generation = ?32 and uid = ?33 returning 1)";

    /** The task's row is added only when the others are written, and counted only when it is new. */
    private static final String TASK = " insert into sync_task (book_id, " + TaskRow.COLUMNS + ") select saved.id, "
            + TaskRow.VALUES + " from saved%s on conflict (id) do nothing";

    private static final String NO_CONTACT = BOOK + TASK.formatted("");
    private static final String WRITTEN = TASK.formatted(", written");
    private static final String CHANGED_CONTACT = BOOK + CHANGED + "card = ?34, content_hash = ?35" + OF_BOOK + WRITTEN;
    private static final String DELETED_CONTACT =
            BOOK + CHANGED + "card = null, content_hash = null" + OF_BOOK + WRITTEN;
    private static final String NEW_CONTACT = BOOK
            + ", written as (insert into contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq,"
            + " device) select saved.id, ?32, ?33, ?34, ?35, ?36, ?29, ?30, cast(?31 as varchar) from saved returning 1)"
            + WRITTEN;

    private WriteTogether() {}

    /** The statement with its parameters set; empty when these writes need more than one. It comes to one row, or is to be rolled back. */
    static Optional<Query> statement(
            EntityManager em, BookState locked, BookState changed, Writes writes, SyncTask done) {
        if (changed.hold().isPresent() || writes.contacts().size() > 1) {
            return Optional.empty();
        }
        Optional<StoredContact> contact = writes.contacts().stream().findFirst();
        boolean isNew =
                contact.isPresent() && !writes.existing().contains(contact.get().uid());
        if (isNew && contact.get().now().isEmpty()) {
            return Optional.empty();
        }
        Query all = em.createNativeQuery(contact.map(one -> of(one, isNew)).orElse(NO_CONTACT));
        new TaskRow(done).bind(JpaBooks.bound(all, locked, changed));
        contact.ifPresent(one -> bind(all, changed.generation(), one, isNew));
        return Optional.of(all);
    }

    private static String of(StoredContact contact, boolean isNew) {
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
