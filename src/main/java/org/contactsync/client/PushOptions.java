package org.contactsync.client;

/**
 * How a push is done.
 *
 * @param replace make the server's book exactly the phone's by a full upload, whatever other devices added
 * @param confirmDeletes a person has agreed that most of the book is deleted
 * @param dryRun find out what would be done, and change nothing
 */
public record PushOptions(boolean replace, boolean confirmDeletes, boolean dryRun) {
    public static final PushOptions USUAL = new PushOptions(false, false, false);
}
