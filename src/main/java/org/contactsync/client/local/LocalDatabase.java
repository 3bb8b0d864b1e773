package org.contactsync.client.local;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.EntrySum;

/** The local database of one account. Thread-safe. */
public final class LocalDatabase implements AutoCloseable {
    /** Goes up with each change of the tables; an older program refuses to work on a newer database. */
    private static final int VERSION = 1;

    private static final String[] TABLES = {
        "CREATE TABLE contact (uid TEXT PRIMARY KEY, phone TEXT, card BLOB, written BLOB, seen BLOB, server BLOB, server_hash BLOB,"
                + " same INTEGER NOT NULL, held INTEGER NOT NULL, tag BLOB, seen_tag BLOB, up INTEGER NOT NULL, down INTEGER NOT NULL)",
        "CREATE UNIQUE INDEX contact_phone ON contact (phone) WHERE phone IS NOT NULL",
        "CREATE INDEX contact_up ON contact (uid) WHERE up = 1",
        "CREATE INDEX contact_down ON contact (uid) WHERE down = 1",
        "CREATE INDEX contact_tag ON contact (tag) WHERE down = 1",
        "CREATE TABLE agreement (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL, seq INTEGER NOT NULL,"
                + " count INTEGER NOT NULL, sum BLOB NOT NULL)",
        "CREATE TABLE outbox (id INTEGER PRIMARY KEY CHECK (id = 1), whole INTEGER NOT NULL, chunks INTEGER NOT NULL,"
                + " chunk_contacts INTEGER NOT NULL, rebase INTEGER NOT NULL, before TEXT NOT NULL, key TEXT NOT NULL DEFAULT '',"
                + " request TEXT NOT NULL DEFAULT '', after TEXT NOT NULL DEFAULT '', task TEXT NOT NULL DEFAULT '')",
        "CREATE TABLE outgoing (uid TEXT PRIMARY KEY, hash BLOB)",
        "CREATE TABLE conflict (id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, card BLOB NOT NULL,"
                + " of_phone INTEGER NOT NULL, handed INTEGER NOT NULL, at INTEGER NOT NULL)",
        "CREATE TABLE task (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, options TEXT NOT NULL,"
                + " priority INTEGER NOT NULL, running INTEGER NOT NULL, attempts INTEGER NOT NULL, not_before INTEGER NOT NULL,"
                + " reason TEXT NOT NULL)",
        "CREATE TABLE value (name TEXT PRIMARY KEY, text TEXT NOT NULL)",
    };

    private final Sql sql;
    private volatile OptionalLong turn = OptionalLong.empty();

    private LocalDatabase(Sql sql) {
        this.sql = sql;
    }

    /** The database is closed with this. */
    public static LocalDatabase open(Sql sql) {
        LocalDatabase database = new LocalDatabase(sql);
        sql.inTransaction(() -> {
            long version = database.number("PRAGMA user_version");
            if (version > VERSION) {
                throw new LocalDatabaseFailure("The local database was written by a newer version of this program.");
            }
            if (version == 0) {
                for (String table : TABLES) {
                    sql.execute(table);
                }
                sql.execute("PRAGMA user_version = " + VERSION);
            }
            return version;
        });
        return database;
    }

    public LocalContacts contacts() {
        return new LocalContacts(sql);
    }

    public Outbox outbox() {
        return new Outbox(sql);
    }

    public Conflicts conflicts() {
        return new Conflicts(sql);
    }

    /** For the queue, whose tasks anybody may add. */
    public Sql sql() {
        return sql;
    }

    /**
     * Takes the turn to work on this database: whoever had it before cannot {@link #write} any more. Call it with the lock that keeps other
     * processes out ({@link ProcessLock}): this is for the case that the lock did not hold.
     */
    public void takeTurn() {
        turn = OptionalLong.of(sql.inTransaction(() -> {
            long next = value("turn").map(Long::parseLong).orElse(0L) + 1;
            setValue("turn", Long.toString(next));
            return next;
        }));
    }

    /**
     * Does work in one transaction.
     *
     * @throws LocalDatabaseFailure when another process has taken the turn; nothing was written
     */
    public <T> T write(Sql.Work<T> work) {
        return sql.inTransaction(() -> {
            long mine = turn.orElseThrow(() -> new IllegalStateException("the turn was not taken"));
            if (value("turn").map(Long::parseLong).orElse(0L) != mine) {
                throw new LocalDatabaseFailure("Another process works on this account now.");
            }
            return work.run();
        });
    }

    /**
     * Forgets what phone and server have, and the task that is under way. Contacts that never were on the server stay, as new ones; conflict
     * copies and the queue stay as they are.
     */
    public void forget() {
        List<LocalContact> kept = contacts().unknownToServer();
        sql.execute("DELETE FROM contact");
        kept.forEach(contact -> contacts().put(LocalContact.none(contact.uid()).withCard(contact.card())));
        sql.execute("DELETE FROM agreement");
        sql.execute("DELETE FROM value WHERE name IN ('marker', 'in-flight', 'server-deletes', 'phone-deletes')");
        outbox().clear();
    }

    /** Empty before the first meeting with the server's book. */
    public Optional<Agreement> agreement() {
        Agreement[] found = new Agreement[1];
        sql.query(
                "SELECT key, seq, count, sum FROM agreement",
                row -> found[0] = new Agreement(
                        CheckKey.of(row.bytes(0).orElseThrow()),
                        row.number(1),
                        new BookDigest(row.number(2), EntrySum.of(row.bytes(3).orElseThrow()))));
        return Optional.ofNullable(found[0]);
    }

    public void setAgreement(Agreement agreement) {
        sql.execute(
                "INSERT OR REPLACE INTO agreement (id, key, seq, count, sum) VALUES (1, ?, ?, ?, ?)",
                agreement.key().bytes(),
                agreement.seq(),
                agreement.digest().count(),
                agreement.digest().sum().bytes());
    }

    /** A small value by its name. */
    public Optional<String> value(String name) {
        String[] found = new String[1];
        sql.query("SELECT text FROM value WHERE name = ?", row -> found[0] = row.text(0), name);
        return Optional.ofNullable(found[0]);
    }

    public void setValue(String name, String text) {
        sql.execute("INSERT OR REPLACE INTO value (name, text) VALUES (?, ?)", name, text);
    }

    private long number(String statement) {
        long[] number = {0};
        sql.query(statement, row -> number[0] = row.number(0));
        return number[0];
    }

    @Override
    public void close() {
        sql.close();
    }
}
