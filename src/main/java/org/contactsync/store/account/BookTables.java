package org.contactsync.store.account;

import java.util.List;

/** The tables that have rows of a book. Those that have the number of a task instead are emptied by way of {@code garbage}. */
public final class BookTables {
    /**
     * With a column {@code book_id}, in the order in which they are emptied. Where other work locks rows of two of them it begins with the
     * same one, so that nobody waits for each other: the history with its changes, tasks before what belongs to them. Tasks come first, because
     * their keys can be used again only when they are gone. A photo outlives its pieces: whoever goes on finds them by it.
     */
    public static final List<String> BY_BOOK = List.of(
            "sync_task",
            "waiting_step",
            "given_up_step",
            "upload",
            "book_change",
            "lost_version",
            "contact_version",
            "retired_generation",
            "lookup_index",
            "lookup_entry",
            "feed_mark",
            "scrub_finding",
            "seen_device",
            "book_tree",
            "photo_upload",
            "photo_piece",
            "photo",
            "contact");

    /** A table whose rows are large: one counts as so many. */
    static final String OF_LARGE_ROWS = "photo_piece";

    static final int LARGE_ROW = 100;

    /** With a column {@code book_id} that is the second one of the key, behind an endpoint; in the order in which webhooks lock them. */
    public static final List<String> BY_ENDPOINT = List.of("webhook_cursor", "webhook_delivery");

    /** With a column {@code task_id} and none for the book. */
    public static final List<String> BY_TASK = List.of("staged_change", "upload_chunk");

    private BookTables() {}
}
