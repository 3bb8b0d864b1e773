package org.contactsync.client;

import org.contactsync.client.compare.OnConflict;
import org.contactsync.protocol.Priority;

/**
 * Options of a push.
 *
 * @param replace make the server's book exactly the phone's by a full upload, whatever other devices added
 * @param confirmDeletes a person has agreed that most of the book is deleted
 * @param dryRun find out what would be done, and change nothing
 * @param beginAnew a person has agreed that a book that was erased, or that the server has lost, is filled again
 * @param onConflict what becomes of a contact that was changed here and elsewhere
 * @param priority whether a person waits: then it may go ahead of what the same device sent in the background and waits
 */
public record PushOptions(
        boolean replace,
        boolean confirmDeletes,
        boolean dryRun,
        boolean beginAnew,
        OnConflict onConflict,
        Priority priority) {
    public static final PushOptions USUAL = new PushOptions(false, false, false, OnConflict.FILE, Priority.BACKGROUND);

    /** Asks before a book that was erased is filled again. */
    public PushOptions(
            boolean replace, boolean confirmDeletes, boolean dryRun, OnConflict onConflict, Priority priority) {
        this(replace, confirmDeletes, dryRun, false, onConflict, priority);
    }

    public PushOptions {
        if (replace && onConflict == OnConflict.SERVER) {
            throw new IllegalArgumentException(
                    "replace: makes the server's book the file's, so it cannot keep the server's");
        }
    }
}
