package org.contactsync.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.contactsync.bench.StoredBooks.Filled;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;

/**
 * The floor: the rows of the service written by plain JDBC, into tables of the schema {@code floor} with the same columns and
 * indexes. One connection, one thread at a time.
 */
final class PlainJdbc extends FloorJdbc {
    /** Drops what an earlier part left, and makes the tables again like those of the service. */
    static final List<String> TABLES = List.of(
            "drop schema if exists floor cascade",
            "create schema floor",
            "create table floor.book (like public.book including all)",
            "create table floor.contact (like public.contact including all)",
            "create table floor.sync_task (like public.sync_task including all)",
            "create table floor.contact_version (like public.contact_version including all)",
            "create table floor.book_change (like public.book_change including all)");

    /** Makes the tables anew, with the same books as the service has. */
    static void copy(DurablePostgres postgres, List<Filled> books) {
        String ids = String.join(",", books.stream().map(each -> "" + each.id()).toList());
        postgres.execute(TABLES);
        postgres.execute(List.of(
                "insert into floor.book select * from public.book where id in (" + ids + ")",
                "insert into floor.contact select * from public.contact where book_id in (" + ids + ")",
                "analyze public.contact",
                "analyze floor.book",
                "analyze floor.contact"));
    }

    private final PreparedStatement lockBook;
    private final PreparedStatement findTask;
    private final PreparedStatement findContact;
    private final PreparedStatement updateContact;
    private final PreparedStatement updateBook;
    private final PreparedStatement insertTask;
    private final PreparedStatement insertContact;

    /** A contact with its hashes, computed before the clock runs. */
    record Row(Uid uid, CanonicalCard card, ContentHash hash, Position position, EntrySum entry) {
        static Row of(CheckCodes codes, Uid uid, CanonicalCard card) {
            ContentHash hash = codes.contentHash(card);
            return new Row(uid, card, hash, codes.position(uid), codes.entry(uid, hash));
        }
    }

    PlainJdbc(DurablePostgres postgres) {
        super(postgres);
        try {
            connection.setAutoCommit(false);
            lockBook = connection.prepareStatement("select id, owner_key, issuer, subject, check_key, generation,"
                    + " last_generation, contact_count, entry_sum, seq, changes_from, open_tasks, hold_task,"
                    + " hold_until_millis, revision from floor.book where owner_key = ? for update");
            findTask = connection.prepareStatement("select * from floor.sync_task where id = ?");
            findContact = connection.prepareStatement(
                    "select * from floor.contact where book_id = ? and generation = ? and uid = ?");
            updateContact = connection.prepareStatement("update floor.contact set card = ?, content_hash = ?,"
                    + " entry_sum = ?, seq = ? where book_id = ? and generation = ? and uid = ?");
            updateBook = connection.prepareStatement(
                    "update floor.book set generation = ?, last_generation = ?, contact_count = ?, entry_sum = ?, seq = ?,"
                            + " changes_from = ?, open_tasks = ?, hold_task = null, hold_until_millis = null, revision = ?"
                            + " where id = ? and revision = ?");
            insertTask = connection.prepareStatement(
                    "insert into floor.sync_task (id, book_id, kind, state, accepted_at_micros, request_digest, first_code,"
                            + " reply_queue, reply_correlation, expires_at_millis, attempts, answer_status, answer_code,"
                            + " answer_body, seq_after, code_after) values (?, ?, 'INCREMENTAL', 'DONE', ?, ?, ?,"
                            + " '" + REPLY_QUEUE + "', ?, ?, 0, 200, ?, ?, ?, ?)");
            insertContact = connection.prepareStatement(
                    "insert into floor.contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq,"
                            + " device) values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows in batches of {@code batch}, each committed. */
    void insert(long book, List<Row> rows, int batch) throws SQLException {
        int waiting = 0;
        for (Row row : rows) {
            insertContact.setLong(1, book);
            insertContact.setLong(2, 1);
            insertContact.setBytes(3, row.uid().utf8());
            insertContact.setBytes(4, row.card().utf8());
            insertContact.setBytes(5, row.hash().bytes());
            insertContact.setInt(6, row.position().value());
            insertContact.setBytes(7, row.entry().bytes());
            insertContact.setLong(8, 1);
            insertContact.setNull(9, java.sql.Types.VARCHAR);
            insertContact.addBatch();
            if (++waiting == batch) {
                insertContact.executeBatch();
                connection.commit();
                waiting = 0;
            }
        }
        insertContact.executeBatch();
        connection.commit();
    }

    /** Changes one contact of a book in one transaction: the statements of an incremental sync. */
    void change(String ownerKey, Uid uid, CanonicalCard card, UUID task) throws SQLException {
        lockBook.setString(1, ownerKey);
        try (ResultSet book = lockBook.executeQuery()) {
            book.next();
            long id = book.getLong(1);
            long generation = book.getLong(6);
            CheckCodes codes = new CheckCodes(CheckKey.of(book.getBytes(5)));
            BookDigest digest = new BookDigest(book.getLong(8), EntrySum.of(book.getBytes(9)));
            CheckCode before = codes.checkCode(digest);
            findTask.setObject(1, task);
            findTask.executeQuery().close();
            EntrySum old = old(id, generation, uid);
            Row row = Row.of(codes, uid, card);
            digest = digest.minus(old).plus(row.entry());
            long seq = book.getLong(10) + 1;
            updateContact(id, generation, row, seq);
            updateBook(book, id, generation, digest, seq);
            insertTask(id, task, before, codes.checkCode(digest), seq);
        }
        connection.commit();
    }

    private EntrySum old(long book, long generation, Uid uid) throws SQLException {
        findContact.setLong(1, book);
        findContact.setLong(2, generation);
        findContact.setBytes(3, uid.utf8());
        try (ResultSet contact = findContact.executeQuery()) {
            contact.next();
            return EntrySum.of(contact.getBytes("entry_sum"));
        }
    }

    private void updateContact(long book, long generation, Row row, long seq) throws SQLException {
        updateContact.setBytes(1, row.card().utf8());
        updateContact.setBytes(2, row.hash().bytes());
        updateContact.setBytes(3, row.entry().bytes());
        updateContact.setLong(4, seq);
        updateContact.setLong(5, book);
        updateContact.setLong(6, generation);
        updateContact.setBytes(7, row.uid().utf8());
        updateContact.executeUpdate();
    }

    private void updateBook(ResultSet book, long id, long generation, BookDigest digest, long seq) throws SQLException {
        updateBook.setLong(1, generation);
        updateBook.setLong(2, book.getLong(7));
        updateBook.setLong(3, digest.count());
        updateBook.setBytes(4, digest.sum().bytes());
        updateBook.setLong(5, seq);
        updateBook.setLong(6, book.getLong(11));
        updateBook.setInt(7, book.getInt(12));
        updateBook.setLong(8, book.getLong(15) + 1);
        updateBook.setLong(9, id);
        updateBook.setLong(10, book.getLong(15));
        updateBook.executeUpdate();
    }

    private void insertTask(long book, UUID task, CheckCode before, CheckCode after, long seq) throws SQLException {
        long now = System.currentTimeMillis();
        insertTask.setObject(1, task);
        insertTask.setLong(2, book);
        insertTask.setLong(3, acceptedAtMicros(now));
        insertTask.setString(4, DIGEST);
        insertTask.setString(5, before.value());
        insertTask.setObject(6, task);
        insertTask.setLong(7, expiresAtMillis(now));
        insertTask.setString(8, after.value());
        insertTask.setBytes(9, ANSWER);
        insertTask.setLong(10, seq);
        insertTask.setString(11, after.value());
        insertTask.executeUpdate();
    }
}
