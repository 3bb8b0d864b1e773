package org.contactsync.checkcode;

/**
 * What a set of contacts comes to: how many they are and the sum of their entries. From it a check code, or a node of
 * the digest tree, is made by {@link CheckCodes}.
 *
 * @param count at least 0
 */
public record BookDigest(long count, EntrySum sum) {
    public static final BookDigest EMPTY = new BookDigest(0, EntrySum.ZERO);

    public BookDigest {
        if (count < 0) {
            throw new IllegalArgumentException("count: at least 0, not " + count);
        }
    }

    public BookDigest plus(EntrySum entry) {
        return new BookDigest(count + 1, sum.plus(entry));
    }

    /** Of the contacts of both, which have none in common. */
    public BookDigest plus(BookDigest other) {
        return new BookDigest(count + other.count, sum.plus(other.sum));
    }

    public BookDigest minus(EntrySum entry) {
        return new BookDigest(count - 1, sum.minus(entry));
    }
}
