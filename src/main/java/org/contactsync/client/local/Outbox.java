package org.contactsync.client.local;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.state.Pending;
import org.contactsync.contact.Uid;

/**
 * The one task that is under way to the server. Which contacts it carries is written down before anything is sent, and their cards do not
 * change until its outcome is known: so it can be sent again byte by byte after a crash.
 */
public final class Outbox {
    private final Sql sql;

    Outbox(Sql sql) {
        this.sql = sql;
    }

    /**
     * A task.
     *
     * @param whole it replaces the book; otherwise it changes it
     * @param inChunks an upload; otherwise one request
     * @param chunkContacts contacts of a chunk
     * @param rebase the server may apply it on top of what others did
     * @param before the first check code
     * @param pending what was sent of it, if anything was
     */
    public record Task(
            boolean whole,
            boolean inChunks,
            int chunkContacts,
            boolean rebase,
            CheckCode before,
            Optional<Sent> pending) {}

    /**
     * What was sent, or was about to be.
     *
     * @param request see {@link Pending#request}
     * @param task the server's id of it
     */
    public record Sent(UUID key, String request, CheckCode after, Optional<String> task) {}

    /** Empty when nothing is under way. */
    public Optional<Task> task() {
        Task[] found = new Task[1];
        sql.query(
                "SELECT whole, chunks, chunk_contacts, rebase, before, key, request, after, task FROM outbox",
                row -> found[0] = task(row));
        return Optional.ofNullable(found[0]);
    }

    private static Task task(Sql.Row row) {
        Optional<Sent> sent = row.text(5).isEmpty()
                ? Optional.empty()
                : Optional.of(new Sent(
                        UUID.fromString(row.text(5)),
                        row.text(6),
                        new CheckCode(row.text(7)),
                        Optional.of(row.text(8)).filter(id -> !id.isEmpty())));
        return new Task(
                row.number(0) == 1,
                row.number(1) == 1,
                (int) row.number(2),
                row.number(3) == 1,
                new CheckCode(row.text(4)),
                sent);
    }

    /** Begins a task; there must be none. */
    public void begin(Task task) {
        sql.execute(
                "INSERT INTO outbox (id, whole, chunks, chunk_contacts, rebase, before) VALUES (1, ?, ?, ?, ?, ?)",
                task.whole() ? 1L : 0L,
                task.inChunks() ? 1L : 0L,
                (long) task.chunkContacts(),
                task.rebase() ? 1L : 0L,
                task.before().value());
    }

    /** Adds a contact of the task: what it becomes. */
    public void add(Uid uid, Optional<ContentHash> after) {
        sql.execute("INSERT INTO outgoing (uid, hash) VALUES (?, ?)", uid.value(), after.map(ContentHash::bytes));
    }

    /** What becomes of the contacts, in the order in which they are sent. */
    public Map<Uid, Optional<ContentHash>> contacts() {
        Map<Uid, Optional<ContentHash>> contacts = new LinkedHashMap<>();
        sql.query(
                "SELECT uid, hash FROM outgoing ORDER BY uid",
                row -> contacts.put(new Uid(row.text(0)), row.bytes(1).map(ContentHash::of)));
        return contacts;
    }

    public void keep(Pending pending) {
        sql.execute(
                "UPDATE outbox SET key = ?, request = ?, after = ?, task = ?",
                pending.key().toString(),
                pending.request(),
                pending.after().value(),
                pending.task().orElse(""));
    }

    /** Its outcome is known. */
    public void clear() {
        sql.execute("DELETE FROM outbox");
        sql.execute("DELETE FROM outgoing");
    }
}
