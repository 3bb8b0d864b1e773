package org.contactsync.sync;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.Uid;
import org.contactsync.sync.BookPages.Leaf;

/**
 * Digest trees of books. The trees of large books that were asked for last are kept, three levels deep, one for each book,
 * and brought up to date node by node from what the feed says has changed: only the first question of a large book
 * reads all its contacts. Thread-safe.
 */
final class DigestTrees {
    /** How deep kept trees are: 4,096 nodes, 160 KiB. What is deeper is read below its prefix, a sixteenth of the book or less. */
    static final int LEVELS = 3;

    /** A smaller book is read again each time, in a few milliseconds. */
    private static final int LEAST_CONTACTS = 2_000;

    /** Of all kept trees: some fifty large books. */
    private static final int MOST_BYTES = 8 * 1024 * 1024;

    /** Leaves read at once: about a MiB. */
    private static final int SLICE = 2_000;

    /** When more contacts have changed than that, or more nodes, reading the book anew costs no more. */
    private static final int MOST_CHANGES = 1_000;

    private static final int MOST_NODES = 256;

    private final BookPages pages;
    private final Map<Long, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private int bytes;

    DigestTrees(BookPages pages) {
        this.pages = pages;
    }

    /**
     * The tree of a generation of a book. Each node without a contact that has changed after {@code seq} is as it was then.
     *
     * @param changesFrom of the book: when it changes, tombstones are gone that would have said what has changed
     * @param tree not changed any more
     */
    private record Kept(long generation, long changesFrom, long seq, DigestTree tree) {}

    /**
     * The whole tree, {@link #LEVELS} deep, of just this state of the book, if the book does not change meanwhile. It is not to be
     * changed.
     */
    DigestTree whole(BookState book) {
        DigestTree tree = known(book).flatMap(known -> brought(known, book)).orElseGet(() -> read(book));
        keep(book, tree);
        return tree;
    }

    /** Has the next tree of the book read from all its contacts. */
    synchronized void forget(BookState book) {
        Kept before = kept.remove(book.id());
        bytes -= before == null ? 0 : before.tree().bytes();
    }

    /** Whether the whole tree can be had without reading all the book. */
    boolean isKept(BookState book) {
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

    /** In the order of the primary key, which is the shortest way through all of a book. */
    private DigestTree read(BookState book) {
        DigestTree tree = new DigestTree("", LEVELS);
        Optional<Uid> after = Optional.empty();
        List<Leaf> leaves;
        do {
            Deadline.current().check();
            leaves = pages.leaves(book.id(), book.generation(), after, SLICE);
            leaves.forEach(leaf -> tree.add(leaf.position(), leaf.entry()));
            after = leaves.isEmpty()
                    ? after
                    : Optional.of(leaves.get(leaves.size() - 1).uid());
        } while (leaves.size() == SLICE);
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
