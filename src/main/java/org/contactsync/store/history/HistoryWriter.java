package org.contactsync.store.history;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Query;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.store.history.RetiredGenerations.Retired;
import org.contactsync.store.keyed.AmongHistorySql;
import org.contactsync.store.row.TaskRow;
import org.contactsync.store.sql.HistorySql;
import org.contactsync.store.sql.Named;
import org.contactsync.store.sql.Product;
import org.contactsync.store.sql.Sql;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.ContactChanges.Switched;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.EndedTask;
import org.contactsync.sync.task.LostVersion;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.upload.Staging;

/**
 * Writes the history of a book in the transaction that changes it: the versions that are written over, a generation that is replaced, the
 * change itself. Thread-safe, as the container's entity manager is.
 */
public final class HistoryWriter {
    /** Contacts whose versions one statement copies. */
    private static final int AT_ONCE = 100;

    /** Replaced generations of a book: two full uploads a day for 30 days. Each makes reading the digest tree slower. */
    private static final int MOST_GENERATIONS = 60;

    private static final String KEEP_LOST =
            "insert into lost_version (book_id, seq, uid, card, content_hash) values (?, ?, ?, ?, ?)";

    private final EntityManager em;
    private final Product product;
    private final Staging staging;
    private final RetiredGenerations generations;

    public HistoryWriter(EntityManager em, Staging staging) {
        this.em = em;
        product = new Product(em);
        this.staging = staging;
        generations = new RetiredGenerations(em);
    }

    /** Copies the contacts that {@code writes} replaces or deletes; before they are written. */
    public void keep(BookState before, long seq, Writes writes) {
        List<byte[]> uids = writes.contacts().stream()
                .map(StoredContact::uid)
                .filter(writes.existing()::contains)
                .map(Uid::utf8)
                .toList();
        for (int from = 0; from < uids.size(); from += AT_ONCE) {
            keep(before, seq, uids.subList(from, Math.min(uids.size(), from + AT_ONCE)));
        }
    }

    private void keep(BookState before, long seq, List<byte[]> uids) {
        Query copy = product.isPostgres()
                ? em.createNativeQuery(AmongHistorySql.KEEP)
                        .setParameter(3, uids.toArray(byte[][]::new))
                        .setParameter(4, uids.size())
                        .setParameter(5, seq)
                : listed(uids).setParameter(3, seq);
        copy.setParameter(1, before.id()).setParameter(2, before.generation()).executeUpdate();
    }

    /** There are few texts, so that the database knows them: for one contact, ten or a hundred, of which the last one is repeated. */
    private Query listed(List<byte[]> uids) {
        int places = uids.size() == 1 ? 1 : uids.size() <= 10 ? 10 : AT_ONCE;
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < places; i++) {
            numbers.add("?" + (i + 4));
        }
        Query copy = em.createNativeQuery("insert into contact_version " + HistorySql.VERSION
                + " select c.book_id, cast(?3 as bigint), c.uid, c.seq, c.card, c.content_hash, c.position,"
                + " c.entry_sum, c.device from contact c where c.book_id = ?1 and c.generation = ?2"
                + " and c.card is not null and c.uid in (" + String.join(", ", numbers) + ")");
        for (int i = 0; i < places; i++) {
            copy.setParameter(i + 4, uids.get(Math.min(i, uids.size() - 1)));
        }
        return copy;
    }

    /**
     * Keeps the generation that {@code update} replaces, unless it has no contacts or alone exceeds what may be kept. When the replaced
     * generations are too many, or too large, the history before the oldest one that fits ends: what was there before would be shown without
     * what came of it.
     */
    public void retire(BookUpdate update, Switched switched) {
        BookState before = update.before();
        long bytes = switched.retiredBytes();
        if (before.digest().count() == 0) {
            staging.markForRemoval(before.id(), before.generation(), bytes);
            return;
        }
        if (bytes > switched.mostKept()) {
            generations.forget(before.id(), before.seq());
            staging.markForRemoval(before.id(), before.generation(), bytes);
            return;
        }
        long kept = bytes;
        int number = 1;
        for (Retired older : generations.latestFirst(before.id())) {
            kept += older.bytes();
            number++;
            if (kept > switched.mostKept() || number > MOST_GENERATIONS) {
                generations.forget(before.id(), older.seq());
                break;
            }
        }
        generations.add(before.id(), new Retired(update.after().seq(), before.generation(), bytes));
    }

    /** Writes the change itself; after its versions. */
    public void note(BookUpdate update, EndedTask cause) {
        Sql.Bound note = HistorySql.NOTE.on(em);
        bind(note, update, cause);
        note.set("seq", update.after().seq())
                .set("generation", update.after().generation())
                .set("kind", cause.task().kind().name())
                .set("task", cause.task().id().value())
                .set("device", cause.task().device().map(DeviceId::value).orElse(null))
                .set(
                        "codeAfter",
                        cause.task()
                                .applied()
                                .map(SyncTask.Applied::code)
                                .map(CheckCode::value)
                                .orElse(null))
                .set("contactCount", update.after().digest().count())
                .set("puts", update.contacts().puts())
                .set("deletes", update.contacts().deletes())
                .set("origin", cause.restores() ? HistorySql.RESTORE : null)
                .set("book", update.before().id())
                .execute();
        HistorySql.ADD_BYTES
                .on(em)
                .set("book", update.before().id())
                .set("seq", update.after().seq())
                .execute();
    }

    /** Keeps cards that lost a conflict, all at once; after their change is written. */
    public void keepLost(BookUpdate update) {
        if (update.lost().isEmpty()) {
            return;
        }
        long bytes = 0;
        try (PreparedStatement insert = em.unwrap(Connection.class).prepareStatement(KEEP_LOST)) {
            insert.setLong(1, update.before().id());
            insert.setLong(2, update.after().seq());
            for (LostVersion lost : update.lost()) {
                insert.setBytes(3, lost.uid().utf8());
                insert.setBytes(4, lost.content().card().utf8());
                insert.setBytes(5, lost.content().hash().bytes());
                insert.addBatch();
                bytes += lost.content().card().length() + HistorySql.VERSION_BYTES;
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw new PersistenceException(e);
        }
        em.createNativeQuery("update book set history_bytes = coalesce(history_bytes, 0) + ?2 where id = ?1")
                .setParameter(1, update.before().id())
                .setParameter(2, bytes)
                .executeUpdate();
    }

    /** What a change says besides the columns of its book and its task. */
    public static void bind(Named bound, BookUpdate update, EndedTask cause) {
        BookState before = update.before();
        bound.set("changedAt", TaskRow.micros(cause.at()))
                .set(
                        "codeBefore",
                        new CheckCodes(before.key()).checkCode(before.digest()).value());
    }
}
