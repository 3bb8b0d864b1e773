package org.contactsync.checkcode;

/**
 * The place of a contact in the digest tree, which is a tree of 16 children per node and four levels.
 *
 * @param value 0 to 65,535; on the wire four lower-case hex digits
 */
public record Position(int value) {
    /** Hex digits of a position, and so the depth of the tree. */
    public static final int DIGITS = 4;

    public Position {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException("position: 0 to 65535, not " + value);
        }
    }

    /**
     * Refuses what names no node of the tree.
     *
     * @throws IllegalArgumentException unless {@code prefix} is 0 to {@value #DIGITS} lower-case hex digits
     */
    static void requirePrefix(String prefix) {
        if (prefix.length() > DIGITS
                || !prefix.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("prefix: 0 to " + DIGITS + " lower-case hex digits");
        }
    }

    public String hex() {
        return Integer.toHexString(value | 1 << 4 * DIGITS).substring(1);
    }
}
