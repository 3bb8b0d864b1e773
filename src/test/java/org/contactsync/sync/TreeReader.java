package org.contactsync.sync;

import static org.contactsync.sync.Examples.ADA;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.reading.BookPages;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.reading.DigestTrees;
import org.contactsync.sync.reading.StoredTrees;
import org.contactsync.sync.reading.TreeCounts;
import org.contactsync.sync.reading.UnsavedTrees;
import org.contactsync.sync.reading.UnsavedTrees.Unsaved;

/** A process that reads trees, to which every book is large, and counts where it found them. One thread at a time. */
public final class TreeReader implements TreeCounts {
    private final TestStore store;
    private final UnsavedTrees unsaved = new UnsavedTrees();
    private final List<Source> reads = new ArrayList<>();
    private final BookReadings readings;
    private int unfit;

    public TreeReader(TestStore store) {
        this(store, store.trees());
    }

    TreeReader(TestStore store, StoredTrees stored) {
        this.store = store;
        readings = new BookReadings(
                store.books(),
                store.pages(),
                store.contacts(),
                store.tasks(),
                new DigestTrees(store.pages(), stored, unsaved, this, 1));
    }

    BookReadings readings() {
        return readings;
    }

    @Override
    public void countRead(Source source) {
        reads.add(source);
    }

    @Override
    public void countStored() {
        throw new AssertionError("a reader does not store");
    }

    @Override
    public void countUnfit() {
        unfit++;
    }

    /** The lowest nodes of Ada's tree that are kept, as a client gets them. */
    public Map<String, BookDigest> nodes() {
        return readings.nodes(ADA, List.of(""), 3).map(Reading::value).orElse(Map.of());
    }

    /** The same nodes, made of all her contacts. */
    public Map<String, BookDigest> nodesOfContacts() {
        Optional<BookState> book = store.books().read(ADA);
        DigestTree tree = new DigestTree("", 3);
        book.stream()
                .flatMap(each ->
                        store
                                .pages()
                                .leaves(each.id(), each.generation(), Optional.empty(), Integer.MAX_VALUE)
                                .stream())
                .map(BookPages.Leaf.class::cast)
                .forEach(leaf -> tree.add(leaf.position(), leaf.entry()));
        return tree.nodes("", 3);
    }

    /** Where the trees were found since the last call. */
    public List<Source> taken() {
        List<Source> taken = List.copyOf(reads);
        reads.clear();
        return taken;
    }

    public int unfit() {
        return unfit;
    }

    /** Does what the sweeper does; how many trees it stored. */
    public int save() {
        int saved = 0;
        for (Optional<Unsaved> next = unsaved.take(); next.isPresent(); next = unsaved.take()) {
            Unsaved each = next.get();
            saved += store.inTransaction(() -> {
                if (each.replaces()) {
                    store.trees().remove(each.book());
                }
                return each.tree().filter(store.trees()::save).isPresent() ? 1 : 0;
            });
        }
        return saved;
    }
}
