package org.contactsync.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.TaskId;
import org.contactsync.store.history.HistoryRoom;
import org.contactsync.store.sql.GroupSql;
import org.contactsync.store.sql.RowArrays;
import org.contactsync.store.write.WriteMany;
import org.contactsync.store.write.WriteTogether;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books.Claim;
import org.contactsync.sync.task.Books.Locked;
import org.contactsync.sync.task.Books.Wanted;
import org.jspecify.annotations.Nullable;

/** Locks and writes the books of several owners, each in one statement of PostgreSQL. Thread-safe, as the entity manager is. */
final class BookGroups {
    private final EntityManager em;
    private final JpaContacts contacts;
    private final JpaTasks tasks;

    BookGroups(EntityManager em, JpaContacts contacts, JpaTasks tasks) {
        this.em = em;
        this.contacts = contacts;
        this.tasks = tasks;
    }

    /** Locks those that nobody else has locked. One for each claim, in their order; empty if the owner has no book, or another transaction has its lock. */
    List<Optional<Locked>> lock(List<Claim> claims) {
        List<Wanted> read =
                claims.stream().map(claim -> readWithIt(claim.wanted())).toList();
        RowArrays wanted = new RowArrays(GroupSql.WANTED);
        for (int i = 0; i < claims.size(); i++) {
            List<Uid> uids = read.get(i).contacts();
            wanted.addRow()
                    .set("owner", claims.get(i).owner().key())
                    .set("task", read.get(i).task().map(TaskId::value).orElse(null))
                    .set("uid", uids.isEmpty() ? null : uids.get(0).utf8());
        }
        List<Optional<Locked>> locked = new ArrayList<>(Collections.nCopies(claims.size(), Optional.empty()));
        try (PreparedStatement lock = em.unwrap(Connection.class).prepareStatement(GroupSql.LOCK_FREE)) {
            wanted.bind(lock, 1);
            try (ResultSet rows = lock.executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    int number = rows.getInt(columns) - 1;
                    locked.set(
                            number,
                            Optional.of(new LockedRow(
                                    values(rows, columns - 1),
                                    claims.get(number).owner(),
                                    read.get(number),
                                    contacts,
                                    tasks,
                                    em)));
                }
            }
        } catch (SQLException e) {
            throw new PersistenceException(e);
        }
        return locked;
    }

    /**
     * Writes those that one statement can write; the others are left out, so that rows of tasks are added in one order only (decision 56). So
     * are those whose turn it is to look at the history.
     *
     * @return one for each update, in their order; empty if nothing of it was written
     */
    List<Optional<BookState>> write(List<BookUpdate> updates, HistoryRoom room) {
        Set<Long> written = new WriteMany(em)
                .write(updates.stream()
                        .filter(update -> WriteTogether.isUsual(update) && !HistoryRoom.isTurn(update))
                        .toList());
        List<Optional<BookState>> saved = new ArrayList<>();
        for (BookUpdate update : updates) {
            if (written.contains(update.before().id())) {
                room.look(update);
                saved.add(Optional.of(update.after().saved()));
            } else {
                saved.add(Optional.empty());
            }
        }
        return saved;
    }

    /** Without such a statement. Also leaves those out whose turn it is to look at the history. */
    static List<Optional<BookState>> writeOneByOne(List<BookUpdate> updates, Function<BookUpdate, BookState> apply) {
        return updates.stream()
                .map(update -> Optional.of(update)
                        .filter(each -> !HistoryRoom.isTurn(each))
                        .map(apply))
                .toList();
    }

    /** One contact at most is read with its book. */
    private static Wanted readWithIt(Wanted wanted) {
        return wanted.contacts().size() == 1 ? wanted : new Wanted(wanted.task(), List.of());
    }

    private static @Nullable Object[] values(ResultSet rows, int number) throws SQLException {
        @Nullable Object[] values = new Object[number];
        for (int i = 0; i < number; i++) {
            values[i] = rows.getObject(i + 1);
        }
        return values;
    }
}
