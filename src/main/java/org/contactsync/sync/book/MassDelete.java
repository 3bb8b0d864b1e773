package org.contactsync.sync.book;

/** Decides when a change deletes so many contacts that the user must have confirmed it (protocol §4.8). */
public final class MassDelete {
    /** Smaller books are sometimes emptied by hand. */
    private static final long SMALL_BOOK = 20;

    private MassDelete() {}

    /** Whether more than half of a book of at least {@value #SMALL_BOOK} contacts would be deleted. */
    public static boolean suspected(long deletes, long count) {
        return count >= SMALL_BOOK && deletes * 2 > count;
    }
}
