package org.contactsync.client.http;

import java.time.Duration;

/** Is informed about the progress of the client, by the thread that pushes. */
public interface Progress {
    /** Tells nobody. */
    Progress SILENT = new Progress() {};

    /** An upload begins, or goes on. */
    default void uploading(long done, long total) {}

    /** So many contacts have been acknowledged, of all that are sent. */
    default void acknowledged(long done) {}

    /** The upload is over, well or not. */
    default void uploaded() {}

    /** Contacts of the server's book are read: so many, of about {@code total}. */
    default void reading(long done, long total) {}

    /** The book has been read, well or not. */
    default void read() {}

    /**
     * The request is sent again after {@code delay}, because of {@code reason}.
     *
     * @param attempt the one that failed, from 1
     */
    default void retrying(int attempt, String reason, Duration delay) {}

    /** Another task of the user is at work; this one is number {@code position}. */
    default void waiting(long position) {}

    /** The server's book is not what the client knew, and is compared. */
    default void comparing() {}
}
