package org.contactsync.store.write;

import static org.contactsync.store.sql.BookSql.WRITE;
import static org.contactsync.store.sql.BookSql.WRITE_WITH_CHANGED_CONTACT;
import static org.contactsync.store.sql.BookSql.WRITE_WITH_DELETED_CONTACT;
import static org.contactsync.store.sql.BookSql.WRITE_WITH_NEW_CONTACT;

import jakarta.persistence.EntityManager;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.store.history.HistoryWriter;
import org.contactsync.store.row.TaskRow;
import org.contactsync.store.sql.BookColumns;
import org.contactsync.store.sql.Named;
import org.contactsync.store.sql.Sql;
import org.contactsync.sync.book.Alternation;
import org.contactsync.sync.book.ContactChanges;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.EndedTask;
import org.jspecify.annotations.Nullable;

/** An update of a book, at most one contact of it and a task that has no row, in one statement of PostgreSQL. */
public final class WriteTogether {
    private WriteTogether() {}

    /** The statement with its parameters; empty when the update needs more than one. It comes to one row, or has to be rolled back. */
    public static Optional<Sql.Bound> statement(EntityManager em, BookUpdate update) {
        if (!isSimple(update)
                || !(update.contacts() instanceof ContactChanges.Few few)
                || few.writes().contacts().size() > 1) {
            return Optional.empty();
        }
        EndedTask ended = update.ended().get(0);
        Writes writes = few.writes();
        Optional<Sql> sql = writes.isEmpty()
                ? Optional.of(WRITE)
                : Optional.of(writes.contacts().get(0))
                        .filter(writes::hasRowAfter)
                        .map(contact -> choose(contact, writes.existing()));
        return sql.map(each -> bind(each.on(em), update, ended, writes));
    }

    /** One task, which had no row, with nothing beside the book and some of its contacts. */
    private static boolean isSimple(BookUpdate update) {
        if (update.ended().size() != 1
                || update.after().hold().isPresent()
                || !update.writesBook()
                || !update.lost().isEmpty()) {
            return false;
        }
        EndedTask ended = update.ended().get(0);
        return !ended.hasRow() && !ended.restores() && ended.task().upload().isEmpty();
    }

    /** Whether {@link WriteMany} can write it: it changes contacts, and each of them has a row or gets one. */
    public static boolean isUsual(BookUpdate update) {
        return isSimple(update)
                && update.changesBook()
                && update.contacts() instanceof ContactChanges.Few few
                && !few.writes().isEmpty()
                && few.writes().contacts().stream().allMatch(few.writes()::hasRowAfter);
    }

    private static Sql choose(StoredContact contact, Set<Uid> existing) {
        if (contact.now().isEmpty()) {
            return WRITE_WITH_DELETED_CONTACT;
        }
        return existing.contains(contact.uid()) ? WRITE_WITH_CHANGED_CONTACT : WRITE_WITH_NEW_CONTACT;
    }

    private static Sql.Bound bind(Sql.Bound bound, BookUpdate update, EndedTask ended, Writes writes) {
        BookColumns.bind(bound, update.before(), update.after());
        new TaskRow(ended.task()).bind(bound);
        if (!writes.isEmpty()) {
            StoredContact contact = writes.contacts().get(0);
            boolean exists = writes.existing().contains(contact.uid());
            bind(bound, contact);
            if (exists) {
                bound.set("alternation", alternation(writes, contact));
            } else {
                bound.set("position", contact.position().value());
            }
            HistoryWriter.bind(bound, update, ended);
        }
        return bound;
    }

    static @Nullable String alternation(Writes writes, StoredContact contact) {
        Alternation known = writes.alternations().get(contact.uid());
        return known == null ? null : HexFormat.of().formatHex(known.bytes());
    }

    /** What is written of any contact. */
    static void bind(Named bound, StoredContact contact) {
        bound.set("uid", contact.uid().utf8())
                .set("entry", contact.entry().bytes())
                .set("contactSeq", contact.seq())
                .set("contactDevice", contact.device().map(DeviceId::value).orElse(null));
        contact.now()
                .ifPresent(now -> bound.set("card", now.card().utf8())
                        .set("contentHash", now.hash().bytes()));
    }
}
