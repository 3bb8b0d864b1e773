package org.contactsync.sync;

/** When deletions are so many that the user must have confirmed them (protocol §4.8). */
final class MassDelete {
    /** Below this size people do empty their books by hand. */
    private static final long SMALL_BOOK = 20;

    private MassDelete() {}

    /** Whether more than half of a book of at least {@value #SMALL_BOOK} would go. */
    static boolean suspected(long deletes, long count) {
        return count >= SMALL_BOOK && deletes * 2 > count;
    }
}
