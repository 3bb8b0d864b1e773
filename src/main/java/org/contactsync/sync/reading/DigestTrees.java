package org.contactsync.sync.reading;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
import org.contactsync.sync.reading.TreeCounts.Source;

/**
 * Builds digest trees of books. The most recently used trees of large books are cached, three levels deep, one per book, and updated node
 * by node from the feed. Those of very large books are also stored, in the background: only the first request for such a book reads all its
 * contacts, also after a start and in other instances. Thread-safe.
 */
public final class DigestTrees {
    /** Depth of cached trees. Deeper nodes are read below their prefix, which is a sixteenth of the book or less. */
    static final int LEVELS = BookTree.LEVELS;

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

    /** Changed contacts after which a tree is stored again: bringing it up to date takes some 50 ms then. */
    static final int OLD = 100;

    /**
     * If a request needs more of the positions than this share, the whole tree is read and cached, for the next request.
     */
    private static final int LARGE_SHARE = 16;

    private static final Logger LOG = System.getLogger(DigestTrees.class.getName());

    private final BookPages pages;
    private final StoredTrees stored;
    private final UnsavedTrees unsaved;
    private final TreeCounts counts;
    private final int leastStored;
    private final Map<Long, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private int bytes;

    public DigestTrees(BookPages pages, StoredTrees stored, UnsavedTrees unsaved, TreeCounts counts) {
        this(pages, stored, unsaved, counts, BookTree.LEAST_CONTACTS);
    }

    /** @param leastStored contacts of a book whose tree is stored */
    public DigestTrees(BookPages pages, StoredTrees stored, UnsavedTrees unsaved, TreeCounts counts, int leastStored) {
        this.pages = pages;
        this.stored = stored;
        this.unsaved = unsaved;
        this.counts = counts;
        this.leastStored = leastStored;
    }

    /**
     * A tree in memory.
     *
     * @param changed contacts since it was stored; {@link #OLD} if it was not
     * @param isStored whether it was made of a stored tree
     */
    private record Kept(BookTree tree, int changed, boolean isStored) {
        /** Whether all changes since are known: tombstones of later deletions are still there. */
        static boolean isUsable(BookTree tree, BookState book) {
            return tree.book() == book.id()
                    && tree.generation() == book.generation()
                    && tree.seq() >= book.changesFrom();
        }
    }

    /**
     * Nodes by their names, in the order asked.
     *
     * @param total of the whole tree, if the nodes are from it
     * @param stored whether that was made of a stored one
     */
    record Nodes(Map<String, BookDigest> byName, Optional<BookDigest> total, boolean stored) {}

    /**
     * The nodes {@code depth} levels below each of the prefixes, in their order. Reads at most a sixteenth of the book for nodes of the
     * lowest level, if there are at most 4,096, and otherwise as much again, or the whole tree.
     *
     * @param prefixes each at most once
     */
    Nodes nodes(BookState book, List<String> prefixes, int depth) {
        return nodes(book, prefixes, depth, true);
    }

    /** The same, after {@link #reject}: without a stored tree. */
    Nodes nodesOfContacts(BookState book, List<String> prefixes, int depth) {
        return nodes(book, prefixes, depth, false);
    }

    private Nodes nodes(BookState book, List<String> prefixes, int depth, boolean mayBeStored) {
        List<String> upper = prefixes.stream()
                .filter(prefix -> prefix.length() + depth <= LEVELS)
                .toList();
        Optional<Kept> whole =
                !upper.isEmpty() && (isLarge(upper) || known(book).isPresent())
                        ? Optional.of(whole(book, mayBeStored))
                        : Optional.empty();
        Optional<DigestTree> tree = whole.map(each -> each.tree().tree());
        Map<String, BookDigest> found = new LinkedHashMap<>();
        for (String prefix : prefixes) {
            boolean inWhole = tree.isPresent() && prefix.length() + depth <= LEVELS;
            found.putAll((inWhole ? tree.get() : below(book, prefix, depth)).nodes(prefix, depth));
        }
        return new Nodes(
                Collections.unmodifiableMap(found),
                tree.map(DigestTree::total),
                whole.filter(Kept::isStored).isPresent());
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
        return whole(book, true).tree().tree();
    }

    private Kept whole(BookState book, boolean mayBeStored) {
        Source source = Source.MEMORY;
        Optional<Kept> found = known(book).flatMap(each -> brought(each, book));
        if (found.isEmpty() && mayBeStored && isVeryLarge(book)) {
            source = Source.STORED;
            found = storedTree(book).flatMap(each -> brought(each, book));
        }
        if (found.isEmpty()) {
            source = Source.CONTACTS;
        }
        Kept whole = saved(book, found.orElseGet(() -> new Kept(read(book), OLD, false)));
        if (isVeryLarge(book)) {
            counts.countRead(source);
        }
        keep(book, whole);
        return whole;
    }

    private boolean isVeryLarge(BookState book) {
        return book.digest().count() >= leastStored;
    }

    /** Forgets the book's tree, which is not that of the book: an older backup was restored meanwhile, or a stored one was wrong. */
    void reject(BookState book, Nodes nodes) {
        forget(book);
        if (nodes.stored()) {
            tellUnfit(book);
        }
    }

    /** Forgets the book's tree in memory. */
    synchronized void forget(BookState book) {
        Kept before = kept.remove(book.id());
        bytes -= before == null ? 0 : before.tree().tree().bytes();
    }

    /** The part of the tree below a prefix, read from the contacts there. */
    DigestTree below(BookState book, String prefix, int levels) {
        DigestTree tree = new DigestTree(prefix, levels);
        addLeaves(book, PositionRange.below(prefix), tree);
        return tree;
    }

    private Optional<Kept> storedTree(BookState book) {
        Optional<BookTree.Row> row = stored.find(book.id()).filter(each -> each.generation() == book.generation());
        Optional<BookTree> tree = row.flatMap(each -> BookTree.of(book.id(), each));
        if (row.isPresent() && tree.isEmpty()) {
            tellUnfit(book);
        }
        return tree.filter(each -> Kept.isUsable(each, book)).map(each -> new Kept(each, 0, true));
    }

    private void tellUnfit(BookState book) {
        counts.countUnfit();
        unsaved.discard(book.id());
        LOG.log(
                Level.WARNING,
                "a stored digest tree was wrong, and is replaced: owner={0}",
                book.owner().key());
    }

    /** Has the tree stored, if that saves the next reader much. One that is not the book's is never stored. */
    private Kept saved(BookState book, Kept whole) {
        BookTree tree = whole.tree();
        boolean saved = whole.changed() >= OLD
                && isVeryLarge(book)
                && tree.tree().total().equals(book.digest())
                && unsaved.save(tree);
        return saved ? new Kept(tree, 0, whole.isStored()) : whole;
    }

    private Optional<Kept> brought(Kept known, BookState book) {
        BookTree before = known.tree();
        if (before.seq() >= book.seq()) {
            return Optional.of(known);
        }
        List<Position> changed = pages.changedPositions(book.id(), book.generation(), before.seq(), MOST_CHANGES + 1);
        DigestTree tree = before.tree().copy();
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
        return Optional.of(new Kept(
                new BookTree(book.id(), book.generation(), book.seq(), tree),
                Math.min(OLD, known.changed() + changed.size()),
                known.isStored()));
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
    private BookTree read(BookState book) {
        DigestTree tree = new DigestTree("", LEVELS);
        Optional<Uid> after = Optional.empty();
        Packed slice;
        do {
            Deadline.current().check();
            slice = pages.packed(book.id(), book.generation(), after, WHOLE_SLICE);
            slice.addTo(tree);
            after = slice.last();
        } while (slice.count() == WHOLE_SLICE);
        return new BookTree(book.id(), book.generation(), book.seq(), tree);
    }

    private synchronized Optional<Kept> known(BookState book) {
        return Optional.ofNullable(kept.get(book.id())).filter(known -> Kept.isUsable(known.tree(), book));
    }

    private synchronized void keep(BookState book, Kept whole) {
        if (book.digest().count() < Math.min(LEAST_CONTACTS, leastStored)) {
            return;
        }
        Kept before = kept.put(book.id(), whole);
        bytes += whole.tree().tree().bytes()
                - (before == null ? 0 : before.tree().tree().bytes());
        var oldest = kept.entrySet().iterator();
        while (bytes > MOST_BYTES && oldest.hasNext()) {
            bytes -= oldest.next().getValue().tree().tree().bytes();
            oldest.remove();
        }
    }
}
