package org.contactsync.hostile;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.flywaydb.core.Flyway;

/**
 * A book of small contacts, as large as a book may be, written into the database of a server before its start: by the schema of
 * the version before, so that the start brings a large table up to date.
 */
final class BigBook {
    private static final int AT_ONCE = 5_000;

    private final int contacts;
    private final CheckKey key;
    private final CheckCodes codes;
    private final DigestTree tree = new DigestTree();
    private final SortedMap<Uid, ContentHash> hashes = new TreeMap<>();
    private BookDigest digest = BookDigest.EMPTY;

    BigBook(int contacts, long seed) {
        this.contacts = contacts;
        byte[] bytes = new byte[CheckKey.BYTES];
        new Random(seed).nextBytes(bytes);
        key = CheckKey.of(bytes);
        codes = new CheckCodes(key);
    }

    /** What the server's check code must be. */
    String checkCode() {
        return codes.checkCode(digest).value();
    }

    CheckCodes codes() {
        return codes;
    }

    DigestTree tree() {
        return tree;
    }

    /** All contacts. */
    SortedMap<Uid, ContentHash> hashes() {
        return hashes;
    }

    void writeTo(String url, String user, String password, boolean postgres, Owner owner) throws SQLException {
        Flyway.configure()
                .dataSource(url, user, password)
                .locations("classpath:db/migration")
                .target("4")
                .placeholders(Map.of("blob", postgres ? "bytea" : "binary large object"))
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            connection.setAutoCommit(false);
            writeContacts(connection);
            writeBook(connection, owner);
            connection.commit();
        }
    }

    private void writeContacts(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq)"
                        + " values (1, 1, ?, ?, ?, ?, ?, 1)")) {
            for (int n = 0; n < contacts; n++) {
                add(insert, n);
                if (n % AT_ONCE == AT_ONCE - 1 || n == contacts - 1) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
        }
    }

    private void add(PreparedStatement insert, int n) throws SQLException {
        Uid uid = uid(n);
        CanonicalCard card = card(n);
        ContentHash hash = codes.contentHash(card);
        Position position = codes.position(uid);
        EntrySum entry = codes.entry(uid, hash);
        hashes.put(uid, hash);
        tree.add(position, entry);
        digest = digest.plus(entry);
        insert.setBytes(1, uid.utf8());
        insert.setBytes(2, card.utf8());
        insert.setBytes(3, hash.bytes());
        insert.setInt(4, position.value());
        insert.setBytes(5, entry.bytes());
        insert.addBatch();
    }

    static Uid uid(int n) {
        return new Uid("urn:uuid:" + UUID.nameUUIDFromBytes(Integer.toString(n).getBytes(StandardCharsets.UTF_8)));
    }

    static CanonicalCard card(int n) {
        return CanonicalCard.ofTrusted(("{\"@type\":\"Card\",\"name\":{\"full\":\"Contact Number " + n
                        + "\"},\"phones\":{\"k1\":{\"number\":\"+49 30 " + n + "\"}},\"version\":\"1.0\"}")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** One upload has put all of them: their sequence number is the same. */
    private void writeBook(Connection connection, Owner owner) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into book (owner_key, issuer, subject,"
                + " check_key, generation, last_generation, contact_count, entry_sum, seq, changes_from, open_tasks,"
                + " revision) values (?, ?, ?, ?, 1, 1, ?, ?, 1, 0, 0, 1)")) {
            insert.setString(1, owner.key());
            insert.setString(2, owner.issuer());
            insert.setString(3, owner.subject());
            insert.setBytes(4, key.bytes());
            insert.setLong(5, digest.count());
            insert.setBytes(6, digest.sum().bytes());
            insert.executeUpdate();
        }
    }
}
