package org.contactsync.sync.reading;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.Uid;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.reading.BookPages.Leaf;
import org.contactsync.sync.reading.BookPages.Packed;

/**
 * Builds digest trees of books. The most recently used trees of large books are cached, three levels deep, one per book,
 * and updated node by node from the feed: only the first request for a large book reads all its contacts. Thread-safe.
 */
final class DigestTrees {
    /**
     * Depth of cached trees: 4,096 nodes, 160 KiB. Deeper nodes are read below their prefix, which is a sixteenth of the
     * book or less.
     */
    static final int LEVELS = 3;

    /** A smaller book is read again each time, in a few milliseconds. */
    private static final int LEAST_CONTACTS = 2_000;

    /** Of all cached trees: some fifty large books. */
    private static final int MOST_BYTES = 8 * 1024 * 1024;

    /** Leaves read at once: about a MiB. */
    private static final int SLICE = 2_000;

    /** Contacts of the whole book read at once: 180 KB, if the database packs them. */
    private static final int WHOLE_SLICE = 5_000;

    /** If more contacts or more nodes have changed, reading the whole book costs no more. */
    private static final int MOST_CHANGES = 1_000;

    private static final int MOST_NODES = 256;

    /**
     * If a request needs more of the positions than this share, the whole tree is read and cached, for the next request.
     */
    private static final int LARGE_SHARE = 16;

    private final BookPages pages;
    private final Map<Long, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private int bytes;

    DigestTrees(BookPages pages) {
        this.pages = pages;
    }

    /**
     * The tree of a generation of a book. Each node without contacts changed after {@code seq} is current.
     *
     * @param changesFrom of the book: if it changes, tombstones are gone that would have shown changes
     * @param tree not modified any more
     */
    private record Kept(long generation, long changesFrom, long seq, DigestTree tree) {}

    /**
     * Nodes by their names, in the order asked.
     *
     * @param total of the whole tree, if the nodes are from it
     */
    record Nodes(Map<String, BookDigest> byName, Optional<BookDigest> total) {}

    /**
     * The nodes {@code depth} levels below each of the prefixes, in their order. Reads at most a sixteenth of the book for nodes of the
     * lowest level, if there are at most 4,096, and otherwise as much again, or the whole tree.
     *
     * @param prefixes each at most once
     */
    Nodes nodes(BookState book, List<String> prefixes, int depth) {
        List<String> upper = prefixes.stream()
                .filter(prefix -> prefix.length() + depth <= LEVELS)
                .toList();
        Optional<DigestTree> whole =
                !upper.isEmpty() && (isLarge(upper) || isKept(book)) ? Optional.of(whole(book)) : Optional.empty();
        Map<String, BookDigest> found = new LinkedHashMap<>();
        for (String prefix : prefixes) {
            boolean inWhole = whole.isPresent() && prefix.length() + depth <= LEVELS;
            DigestTree tree = inWhole ? whole.get() : below(book, prefix, depth);
            found.putAll(tree.nodes(prefix, depth));
        }
        return new Nodes(Collections.unmodifiableMap(found), whole.map(DigestTree::total));
    }

    private static boolean isLarge(List<String> prefixes) {
        int positions = 1 << 4 * Position.DIGITS;
        return prefixes.stream()
                        .mapToInt(prefix -> positions >> 4 * prefix.length())
                        .sum()
                > positions / LARGE_SHARE;
    }

    /**
     * The whole tree, {@link #LEVELS} deep, of exactly this state of the book, unless the book changes meanwhile. Callers
     * must not modify it.
     */
    DigestTree whole(BookState book) {
        DigestTree tree = known(book).flatMap(known -> brought(known, book)).orElseGet(() -> read(book));
        keep(book, tree);
        return tree;
    }

    /** Forgets the book's tree: the next one is read from all contacts. */
    synchronized void forget(BookState book) {
        Kept before = kept.remove(book.id());
        bytes -= before == null ? 0 : before.tree().bytes();
    }

    /** Whether the whole tree is available without reading the whole book. */
    private boolean isKept(BookState book) {
        return known(book).isPresent();
    }

    /** The part of the tree below a prefix, read from the contacts there. */
    DigestTree below(BookState book, String prefix, int levels) {
        DigestTree tree = new DigestTree(prefix, levels);
        addLeaves(book, PositionRange.below(prefix), tree);
        return tree;
    }

    private Optional<DigestTree> brought(Kept known, BookState book) {
        if (known.seq() >= book.seq()) {
            return Optional.of(known.tree());
        }
        List<Position> changed = pages.changedPositions(book.id(), book.generation(), known.seq(), MOST_CHANGES + 1);
        DigestTree tree = known.tree().copy();
        TreeSet<PositionRange> nodes = new TreeSet<>((one, other) ->
                Integer.compare(one.first().value(), other.first().value()));
        changed.forEach(position -> nodes.add(tree.lowestNode(position)));
        if (changed.size() > MOST_CHANGES || nodes.size() > MOST_NODES) {
            return Optional.empty();
        }
        for (PositionRange node : nodes) {
            tree.clear(node.first());
            addLeaves(book, node, tree);
        }
        return Optional.of(tree);
    }

    private void addLeaves(BookState book, PositionRange range, DigestTree tree) {
        PositionRange rest = range;
        Optional<Uid> after = Optional.empty();
        List<Leaf> leaves;
        do {
            Deadline.current().check();
            leaves = pages.leaves(book.id(), book.generation(), rest, after, SLICE);
            leaves.forEach(leaf -> tree.add(leaf.position(), leaf.entry()));
            if (!leaves.isEmpty()) {
                Leaf last = leaves.get(leaves.size() - 1);
                rest = new PositionRange(last.position(), range.last());
                after = Optional.of(last.uid());
            }
        } while (leaves.size() == SLICE);
    }

    /** In the order of the primary key, the cheapest way to read a whole book. */
    private DigestTree read(BookState book) {
        DigestTree tree = new DigestTree("", LEVELS);
        Optional<Uid> after = Optional.empty();
        Packed slice;
        do {
            Deadline.current().check();
            slice = pages.packed(book.id(), book.generation(), after, WHOLE_SLICE);
            slice.addTo(tree);
            after = slice.last();
        } while (slice.count() == WHOLE_SLICE);
        return tree;
    }

    private synchronized Optional<Kept> known(BookState book) {
        return Optional.ofNullable(kept.get(book.id()))
                .filter(known -> known.generation() == book.generation() && known.changesFrom() == book.changesFrom());
    }

    private synchronized void keep(BookState book, DigestTree tree) {
        if (book.digest().count() < LEAST_CONTACTS) {
            return;
        }
        Kept before = kept.put(book.id(), new Kept(book.generation(), book.changesFrom(), book.seq(), tree));
        bytes += tree.bytes() - (before == null ? 0 : before.tree().bytes());
        var oldest = kept.entrySet().iterator();
        while (bytes > MOST_BYTES && oldest.hasNext()) {
            bytes -= oldest.next().getValue().tree().bytes();
            oldest.remove();
        }
    }
}
