package org.contactsync.checkcode;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The digest tree over the positions of a book's contacts, or the part of it below a node: asked level by level, it finds what
 * differs between two books at a cost that depends on the difference, not on the size. It holds its lowest level only, 40
 * bytes for each node there, however many contacts are added. For one thread at a time.
 */
public final class DigestTree {
    /** Of a node: its count and its sum. */
    private static final int NODE = Long.BYTES + EntrySum.BYTES;

    private static final int WORDS = EntrySum.BYTES / Long.BYTES;

    private final String root;
    private final int levels;
    private final long[] counts;
    private final long[] sums;

    /** The whole tree of an empty book, down to its leaves. */
    public DigestTree() {
        this("", Position.DIGITS);
    }

    /**
     * The part of an empty book's tree below {@code root}.
     *
     * @param root 0 to 4 lower-case hex digits
     * @param levels how deep; {@code root} and {@code levels} together at most 4
     * @throws IllegalArgumentException when the tree has no such prefix or depth
     */
    public DigestTree(String root, int levels) {
        this(root, levels, new long[nodesOf(root, levels)], new long[WORDS * nodesOf(root, levels)]);
    }

    private DigestTree(String root, int levels, long[] counts, long[] sums) {
        this.root = root;
        this.levels = levels;
        this.counts = counts;
        this.sums = sums;
    }

    /**
     * The whole tree with the nodes of its lowest level as {@link #lowestNodes} wrote them.
     *
     * @throws IllegalArgumentException when these are not the nodes of so many levels
     */
    public static DigestTree of(int levels, byte[] lowestNodes) {
        DigestTree tree = new DigestTree("", levels);
        if (lowestNodes.length != NODE * tree.counts.length) {
            throw new IllegalArgumentException("not as many nodes as " + levels + " levels have");
        }
        ByteBuffer in = ByteBuffer.wrap(lowestNodes);
        for (int node = 0; node < tree.counts.length; node++) {
            long count = in.getLong();
            EntrySum sum = new EntrySum(in.getLong(), in.getLong(), in.getLong(), in.getLong());
            tree.set(node, new BookDigest(count, sum));
        }
        return tree;
    }

    /** The nodes of the lowest level in order, 40 bytes each: the count, 8 bytes, and the sum, 32 bytes, big-endian. */
    public byte[] lowestNodes() {
        ByteBuffer out = ByteBuffer.allocate(NODE * counts.length);
        for (int node = 0; node < counts.length; node++) {
            out.putLong(counts[node]).put(sum(node).bytes());
        }
        return out.array();
    }

    /** The same tree, to be changed by itself. */
    public DigestTree copy() {
        return new DigestTree(root, levels, counts.clone(), sums.clone());
    }

    /**
     * Adds one contact.
     *
     * @throws IllegalArgumentException when its position is not below the root of this part
     */
    public void add(Position position, EntrySum entry) {
        int node = node(position);
        set(node, new BookDigest(counts[node] + 1, sum(node).plus(entry)));
    }

    /** Takes all contacts away that stand in the same node of the lowest level; they are added again one by one. */
    public void clear(Position position) {
        set(node(position), BookDigest.EMPTY);
    }

    /** The positions that share a node of the lowest level with {@code position}. */
    public PositionRange lowestNode(Position position) {
        node(position);
        return PositionRange.below(position.hex().substring(0, root.length() + levels));
    }

    /** All contacts of this part. */
    public BookDigest total() {
        return sum(0, counts.length);
    }

    /** The memory of the nodes. */
    public int bytes() {
        return Long.BYTES * (counts.length + sums.length);
    }

    /**
     * The nodes below {@code prefix}, {@code depth} levels down.
     *
     * @param prefix 0 to 4 lower-case hex digits, starting with the root of this part
     * @param depth at least 0; {@code prefix} and {@code depth} together at most 4, and no deeper than this part
     * @return 16^depth digests by their full prefix, in order, empty ones included
     * @throws IllegalArgumentException when this part of the tree has no such prefix or depth
     */
    public SortedMap<String, BookDigest> nodes(String prefix, int depth) {
        int nodes = nodesOf(prefix, depth);
        int below = root.length() + levels - prefix.length() - depth;
        if (!prefix.startsWith(root) || below < 0) {
            throw new IllegalArgumentException("not in this part of the tree");
        }
        int each = 1 << 4 * below;
        int first = number(prefix.substring(root.length())) * nodes * each;
        TreeMap<String, BookDigest> found = new TreeMap<>();
        for (int i = 0; i < nodes; i++) {
            found.put(prefix + digits(i, depth), sum(first + i * each, first + (i + 1) * each));
        }
        return Collections.unmodifiableSortedMap(found);
    }

    private static int nodesOf(String prefix, int depth) {
        Position.requirePrefix(prefix);
        if (depth < 0 || prefix.length() + depth > Position.DIGITS) {
            throw new IllegalArgumentException(
                    "prefix and depth together reach at most " + Position.DIGITS + " digits");
        }
        return 1 << 4 * depth;
    }

    private int node(Position position) {
        int below = position.value() >> 4 * (Position.DIGITS - root.length() - levels);
        if ((below >> 4 * levels) != number(root)) {
            throw new IllegalArgumentException("not in this part of the tree");
        }
        return below & ((1 << 4 * levels) - 1);
    }

    private static int number(String digits) {
        return digits.isEmpty() ? 0 : Integer.parseInt(digits, 16);
    }

    private static String digits(int number, int digits) {
        return digits == 0 ? "" : Integer.toHexString(number | 1 << 4 * digits).substring(1);
    }

    private BookDigest sum(int from, int to) {
        long count = 0;
        EntrySum sum = EntrySum.ZERO;
        for (int node = from; node < to; node++) {
            if (counts[node] > 0) {
                count += counts[node];
                sum = sum.plus(sum(node));
            }
        }
        return new BookDigest(count, sum);
    }

    private EntrySum sum(int node) {
        int at = WORDS * node;
        return new EntrySum(sums[at], sums[at + 1], sums[at + 2], sums[at + 3]);
    }

    private void set(int node, BookDigest digest) {
        counts[node] = digest.count();
        int at = WORDS * node;
        EntrySum sum = digest.sum();
        sums[at] = sum.a();
        sums[at + 1] = sum.b();
        sums[at + 2] = sum.c();
        sums[at + 3] = sum.d();
    }
}
