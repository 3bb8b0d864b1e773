package org.contactsync.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Books as the service stores them: filled quickly with {@code COPY}, and read back to be compared. One thread at a time.
 */
final class StoredBooks {
    private static final String ISSUER = "urn:contact-sync:dev";
    private static final int COPY_BYTES = 256 * 1024;
    private static final int FETCH = 2_000;

    private final DurablePostgres postgres;
    private final SplittableRandom random;

    StoredBooks(DurablePostgres postgres, long seed) {
        this.postgres = postgres;
        random = new SplittableRandom(seed);
    }

    static Owner owner(String user) {
        return new Owner(ISSUER, user);
    }

    /** A book as it was filled. */
    record Filled(long id, String user, CheckKey key, CheckCode code, int first, int size) {}

    /** A book as it is stored, its code computed anew from its rows. */
    record Found(long id, CheckKey key, CheckCode code, long count, long seq, long generation) {}

    /** Makes a book of the contacts {@code first} to {@code first + size}, in variant 0. */
    Filled fill(Connection connection, String user, MadeCards cards, int first, int size)
            throws SQLException, IOException {
        return fill(connection, user, cards, first, size, number -> 0);
    }

    /** The same, each contact in a variant of its own. */
    Filled fill(Connection connection, String user, MadeCards cards, int first, int size, IntUnaryOperator variant)
            throws SQLException, IOException {
        byte[] bytes = new byte[CheckKey.BYTES];
        random.nextBytes(bytes);
        CheckKey key = CheckKey.of(bytes);
        CheckCodes codes = new CheckCodes(key);
        long id = insertBook(connection, owner(user), key);
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                        "copy contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq) from stdin");
        BookDigest digest = BookDigest.EMPTY;
        StringBuilder lines = new StringBuilder(2 * COPY_BYTES);
        for (int i = first; i < first + size; i++) {
            Uid uid = cards.uid(i);
            CanonicalCard card = cards.card(i, variant.applyAsInt(i));
            ContentHash hash = codes.contentHash(card);
            EntrySum entry = codes.entry(uid, hash);
            digest = digest.plus(entry);
            lines.append(id)
                    .append("\t1\t")
                    .append("\\\\x")
                    .append(HexFormat.of().formatHex(uid.utf8()))
                    .append("\t\\\\x");
            lines.append(HexFormat.of().formatHex(card.utf8())).append("\t\\\\x");
            lines.append(hash.hex()).append('\t').append(codes.position(uid).value());
            lines.append("\t\\\\x").append(entry.hex()).append("\t1\n");
            if (lines.length() > COPY_BYTES) {
                write(copy, lines);
            }
        }
        write(copy, lines);
        copy.endCopy();
        try (PreparedStatement update =
                connection.prepareStatement("update book set contact_count = ?, entry_sum = ? where id = ?")) {
            update.setLong(1, digest.count());
            update.setBytes(2, digest.sum().bytes());
            update.setLong(3, id);
            update.executeUpdate();
        }
        return new Filled(id, user, key, codes.checkCode(digest), first, size);
    }

    /**
     * Reads a book with all its contacts and computes every hash and the code anew.
     *
     * @throws IllegalStateException when a row's hash or entry, or the book's count or sum, is not what its contacts come to
     */
    Found read(Connection connection, String user) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select id, check_key, contact_count, entry_sum, seq, generation from book where owner_key = ?")) {
            query.setString(1, owner(user).key());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("no book of " + user);
                }
                CheckKey key = CheckKey.of(row.getBytes(2));
                BookDigest stored = new BookDigest(row.getLong(3), EntrySum.of(row.getBytes(4)));
                BookDigest found = digest(connection, row.getLong(1), row.getLong(6), new CheckCodes(key));
                if (!stored.equals(found)) {
                    throw new IllegalStateException("the book of " + user + " says " + stored.count()
                            + " contacts and another sum than its " + found.count() + " rows come to");
                }
                return new Found(
                        row.getLong(1),
                        key,
                        new CheckCodes(key).checkCode(found),
                        found.count(),
                        row.getLong(5),
                        row.getLong(6));
            }
        }
    }

    Found read(String user) {
        try (Connection connection = postgres.connect()) {
            return read(connection, user);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The stored bytes of a contact. */
    String card(Connection connection, Found book, Uid uid) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select card from contact where book_id = ? and generation = ? and uid = ?")) {
            query.setLong(1, book.id());
            query.setLong(2, book.generation());
            query.setBytes(3, uid.utf8());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? new String(row.getBytes(1), StandardCharsets.UTF_8) : "";
            }
        }
    }

    private static BookDigest digest(Connection connection, long book, long generation, CheckCodes codes)
            throws SQLException {
        BookDigest digest = BookDigest.EMPTY;
        connection.setAutoCommit(false);
        try (PreparedStatement query =
                connection.prepareStatement("select uid, card, content_hash, entry_sum, position from contact"
                        + " where book_id = ? and generation = ? and card is not null")) {
            query.setFetchSize(FETCH);
            query.setLong(1, book);
            query.setLong(2, generation);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Uid uid = Uid.of(row.getBytes(1));
                    ContentHash hash = codes.contentHash(CanonicalCard.ofTrusted(row.getBytes(2)));
                    EntrySum entry = codes.entry(uid, hash);
                    boolean right = hash.equals(ContentHash.of(row.getBytes(3)))
                            && entry.equals(EntrySum.of(row.getBytes(4)))
                            && codes.position(uid).value() == row.getInt(5);
                    if (!right) {
                        throw new IllegalStateException("book " + book + " has a row whose hashes are not its card's");
                    }
                    digest = digest.plus(entry);
                }
            }
        } finally {
            connection.setAutoCommit(true);
        }
        return digest;
    }

    private static long insertBook(Connection connection, Owner owner, CheckKey key) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into book (owner_key, issuer, subject, check_key, generation,"
                        + " last_generation, contact_count, entry_sum, seq, changes_from, open_tasks, revision)"
                        + " values (?, ?, ?, ?, 1, 1, 0, ?, 1, 0, 0, 0) returning id")) {
            insert.setString(1, owner.key());
            insert.setString(2, owner.issuer());
            insert.setString(3, owner.subject());
            insert.setBytes(4, key.bytes());
            insert.setBytes(5, BookDigest.EMPTY.sum().bytes());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void write(CopyIn copy, StringBuilder lines) throws SQLException {
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        lines.setLength(0);
    }
}
