package org.contactsync.checkcode;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The digest tree over the positions of a book's contacts: asked level by level, it finds what differs between two books
 * at a cost that depends on the difference, not on the size. For one thread at a time.
 */
public final class DigestTree {
    private final TreeMap<Integer, BookDigest> leaves = new TreeMap<>();

    /** Adds one contact. */
    public void add(Position position, EntrySum entry) {
        leaves.merge(
                position.value(),
                BookDigest.EMPTY.plus(entry),
                (old, one) ->
                        new BookDigest(old.count() + one.count(), old.sum().plus(one.sum())));
    }

    /**
     * The nodes below {@code prefix}, {@code depth} levels down.
     *
     * @param prefix 0 to 4 lower-case hex digits
     * @param depth at least 0; {@code prefix} and {@code depth} together at most 4
     * @return 16^depth digests by their full prefix, in order, empty ones included
     * @throws IllegalArgumentException when the tree has no such prefix or depth
     */
    public SortedMap<String, BookDigest> nodes(String prefix, int depth) {
        Position.requirePrefix(prefix);
        int digits = prefix.length() + depth;
        if (depth < 0 || digits > Position.DIGITS) {
            throw new IllegalArgumentException(
                    "prefix and depth together reach at most " + Position.DIGITS + " digits");
        }
        int base = prefix.isEmpty() ? 0 : Integer.parseInt(prefix, 16) << 4 * depth;
        int shift = 4 * (Position.DIGITS - digits);
        TreeMap<String, BookDigest> nodes = new TreeMap<>();
        for (int i = 0; i < 1 << 4 * depth; i++) {
            int node = base + i;
            String name = digits == 0 ? "" : String.format("%0" + digits + "x", node);
            nodes.put(name, sum(node << shift, (node + 1 << shift) - 1));
        }
        return Collections.unmodifiableSortedMap(nodes);
    }

    private BookDigest sum(int first, int last) {
        long count = 0;
        EntrySum sum = EntrySum.ZERO;
        for (BookDigest leaf : leaves.subMap(first, true, last, true).values()) {
            count += leaf.count();
            sum = sum.plus(leaf.sum());
        }
        return new BookDigest(count, sum);
    }
}
