package org.contactsync.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.store.sql.GroupSql;
import org.contactsync.store.sql.Named;
import org.contactsync.store.sql.RowArrays;

/**
 * The floor of changes that share a commit: the two statements of the service for one change in each of several books, and the commit, by
 * plain JDBC in the tables of {@link PlainJdbc}; without requests, queue and check codes. One connection, one thread at a time.
 */
final class GroupedJdbc extends FloorJdbc implements Load.Worker {
    private final PreparedStatement lock;
    private final PreparedStatement write;
    private final List<Filled> users;
    private final MadeCards cards;
    private final SplittableRandom random;
    private final int size;
    private int next;

    /**
     * @param users nobody else changes their books
     * @param size changes in a transaction
     */
    GroupedJdbc(DurablePostgres postgres, List<Filled> users, MadeCards cards, int size, long seed) {
        super(postgres);
        this.users = users;
        this.cards = cards;
        this.size = size;
        random = new SplittableRandom(seed);
        try {
            connection.createStatement().execute("set search_path to floor");
            connection.setAutoCommit(false);
            lock = connection.prepareStatement(GroupSql.LOCK_FREE);
            write = connection.prepareStatement(GroupSql.WRITE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A change of one contact. */
    private record Change(Filled user, int number, UUID task, int variant) {}

    @Override
    public boolean once() throws SQLException {
        List<Change> changes = new ArrayList<>();
        RowArrays wanted = new RowArrays(GroupSql.WANTED);
        for (int i = 0; i < size; i++) {
            Filled user = users.get(next++ % users.size());
            Change change = new Change(
                    user,
                    user.first() + random.nextInt(user.size()),
                    new UUID(random.nextLong(), random.nextLong()),
                    next);
            changes.add(change);
            wanted.addRow()
                    .set("owner", StoredBooks.owner(user.user()).key())
                    .set("task", change.task())
                    .set("uid", cards.uid(change.number()).utf8());
        }
        RowArrays books = new RowArrays(GroupSql.UPDATE);
        RowArrays contacts = new RowArrays(GroupSql.CONTACT);
        wanted.bind(lock, 1);
        try (ResultSet rows = lock.executeQuery()) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                Change change = changes.get(rows.getInt(columns) - 1);
                bindBook(books.addRow(), rows, change);
                bindContact(contacts.addRow(), rows, change);
            }
        }
        contacts.bind(write, books.bind(write, 1));
        int written = 0;
        try (ResultSet rows = write.executeQuery()) {
            while (rows.next()) {
                written++;
            }
        }
        if (written != size) {
            throw new IllegalStateException(written + " of " + size + " changes were written");
        }
        connection.commit();
        return true;
    }

    private static void bindBook(Named row, ResultSet book, Change change) throws SQLException {
        long now = System.currentTimeMillis();
        row.set("book", book.getLong(1))
                .set("generation", book.getLong(3))
                .set("lastGeneration", book.getLong(4))
                .set("contactCount", book.getLong(5))
                .set("entrySum", book.getBytes(6))
                .set("seq", book.getLong(7) + 1)
                .set("changesFrom", book.getLong(8))
                .set("openTasks", book.getInt(9))
                .set("revision", book.getLong(12))
                .set("cardBytes", book.getLong(13))
                .set("task", change.task())
                .set("kind", "INCREMENTAL")
                .set("state", "DONE")
                .set("priority", "NORMAL")
                .set("acceptedAt", acceptedAtMicros(now))
                .set("requestDigest", DIGEST)
                .set("firstCode", change.user().code().value())
                .set("replyQueue", REPLY_QUEUE)
                .set("replyCorrelation", change.task())
                .set("expiresAt", expiresAtMillis(now))
                .set("attempts", 0)
                .set("answerStatus", 200)
                .set("answerBody", ANSWER)
                .set("answerCode", change.user().code().value())
                .set("seqAfter", book.getLong(7) + 1)
                .set("codeAfter", change.user().code().value())
                .set("changedAt", now * 1000)
                .set("codeBefore", change.user().code().value())
                .set("puts", 1)
                .set("deletes", 0)
                .set("device", null)
                .set("answerRetry", null);
    }

    private void bindContact(Named row, ResultSet book, Change change) throws SQLException {
        // Behind the book stand the time, whether the task is new, and the revision; then the contact.
        row.set("book", book.getLong(1))
                .set("generation", book.getLong(3))
                .set("uid", cards.uid(change.number()).utf8())
                .set("existing", true)
                .set("card", cards.card(change.number(), change.variant()).utf8())
                .set("contentHash", book.getBytes(18))
                .set("position", book.getInt(19))
                .set("entry", book.getBytes(20))
                .set("contactSeq", book.getLong(7) + 1)
                .set("contactDevice", null)
                .set("alternation", null);
    }
}
