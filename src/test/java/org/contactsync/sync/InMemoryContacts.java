package org.contactsync.sync;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.Position;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.Uid;
import org.contactsync.sync.book.Alternation;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookPages;

/** Contacts in memory. */
final class InMemoryContacts implements Contacts, BookPages {
    private final InMemoryStore store;

    InMemoryContacts(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Map<Uid, Mark> marks(long book, long generation, Collection<Uid> uids) {
        Map<Uid, Mark> marks = new HashMap<>();
        generation(book, generation).forEach((uid, contact) -> {
            if (uids.contains(uid)) {
                marks.put(
                        uid,
                        new Mark(
                                contact.now().map(content -> content.hash()),
                                contact.position(),
                                contact.entry(),
                                contact.now()
                                        .map(content -> content.card().length())
                                        .orElse(0),
                                contact.device(),
                                Optional.ofNullable(store.rows()
                                        .alternations
                                        .getOrDefault(new InMemoryRows.Generation(book, generation), new TreeMap<>())
                                        .get(uid))));
            }
        });
        return marks;
    }

    @Override
    public Map<Uid, ContentHash> hashes(long book, long generation, Collection<Uid> uids) {
        Map<Uid, ContentHash> hashes = new HashMap<>();
        marks(book, generation, uids).forEach((uid, mark) -> mark.hash().ifPresent(hash -> hashes.put(uid, hash)));
        return hashes;
    }

    void write(long book, long generation, Writes writes) {
        NavigableMap<Uid, StoredContact> rows = store.writing().contacts(book, generation);
        for (StoredContact contact : writes.contacts()) {
            if (rows.containsKey(contact.uid()) != writes.existing().contains(contact.uid())) {
                throw new IllegalStateException("contact that exists, or not, unlike told");
            }
            rows.put(contact.uid(), contact);
            Alternation known = writes.alternations().get(contact.uid());
            Map<Uid, Alternation> alternations = store.writing()
                    .alternations
                    .computeIfAbsent(new InMemoryRows.Generation(book, generation), key -> new TreeMap<>());
            if (known == null) {
                alternations.remove(contact.uid());
            } else {
                alternations.put(
                        contact.uid(),
                        Alternation.of(known.bytes(), contact.seq()).orElseThrow());
            }
        }
    }

    @Override
    public void insert(long book, long generation, Collection<StoredContact> contacts) {
        NavigableMap<Uid, StoredContact> rows = store.writing().contacts(book, generation);
        for (StoredContact contact : contacts) {
            if (rows.putIfAbsent(contact.uid(), contact) != null) {
                throw new IllegalStateException("contact that exists");
            }
        }
    }

    @Override
    public long cardBytes(long book, long generation) {
        return live(book, generation)
                .mapToLong(contact -> contact.now().orElseThrow().card().length())
                .sum();
    }

    @Override
    public RowPage changedSince(long book, long generation, long seq, Optional<Uid> after, RowPage.Bounds bounds) {
        List<StoredContact> rows = changed(book, generation, seq)
                .filter(contact -> contact.seq() > seq + 1
                        || after.map(uid -> contact.uid().compareTo(uid) > 0).orElse(true))
                .toList();
        return page(rows, bounds);
    }

    @Override
    public List<FeedRow> feedRows(long book, long generation, long seq, Optional<Uid> uid, long last, int most) {
        return changed(book, generation, uid.isPresent() ? seq - 1 : seq)
                .filter(contact -> contact.seq() > seq || isAfter(uid, contact.uid()))
                .filter(contact -> contact.seq() <= last)
                .limit(most)
                .map(contact ->
                        new FeedRow(contact.seq(), contact.uid(), contact.now().isEmpty()))
                .toList();
    }

    @Override
    public void removeTombstones(long book, long generation, long seq, Optional<Uid> uid, FeedRow last) {
        NavigableMap<Uid, StoredContact> rows = store.writing().contacts(book, generation);
        feedRows(book, generation, seq, uid, last.seq(), Integer.MAX_VALUE).stream()
                .filter(FeedRow::tombstone)
                .filter(row -> row.seq() < last.seq() || row.uid().compareTo(last.uid()) <= 0)
                .forEach(row -> rows.remove(row.uid()));
    }

    @Override
    public RowPage contacts(long book, long generation, Optional<Uid> after, RowPage.Bounds bounds) {
        return page(
                live(book, generation)
                        .filter(contact -> isAfter(after, contact.uid()))
                        .toList(),
                bounds);
    }

    private static RowPage page(List<StoredContact> rows, RowPage.Bounds bounds) {
        return RowPage.of(
                (last, most) -> rows.stream()
                        .skip(last.map(row -> rows.indexOf(row) + 1).orElse(0))
                        .limit(most)
                        .<Supplier<StoredContact>>map(row -> () -> row)
                        .toList(),
                bounds);
    }

    @Override
    public Optional<StoredContact> contact(long book, long generation, Uid uid) {
        return Optional.ofNullable(generation(book, generation).get(uid))
                .filter(contact -> contact.now().isPresent());
    }

    @Override
    public List<Leaf> leaves(long book, long generation, Optional<Uid> after, int most) {
        return live(book, generation)
                .filter(contact -> isAfter(after, contact.uid()))
                .limit(most)
                .map(InMemoryContacts::leaf)
                .toList();
    }

    @Override
    public List<Leaf> leaves(long book, long generation, PositionRange range, Optional<Uid> after, int most) {
        return live(book, generation)
                .filter(contact -> range.has(contact.position()))
                .filter(contact -> !contact.position().equals(range.first()) || isAfter(after, contact.uid()))
                .sorted(Comparator.comparing(
                                (StoredContact contact) -> contact.position().value())
                        .thenComparing(StoredContact::uid))
                .limit(most)
                .map(InMemoryContacts::leaf)
                .toList();
    }

    @Override
    public List<Position> changedPositions(long book, long generation, long seq, int most) {
        return changed(book, generation, seq)
                .limit(most)
                .map(StoredContact::position)
                .toList();
    }

    private Stream<StoredContact> changed(long book, long generation, long seq) {
        return generation(book, generation).values().stream()
                .filter(contact -> contact.seq() > seq)
                .sorted(Comparator.comparing(StoredContact::seq).thenComparing(StoredContact::uid));
    }

    private static boolean isAfter(Optional<Uid> after, Uid uid) {
        return after.map(before -> uid.compareTo(before) > 0).orElse(true);
    }

    private static Leaf leaf(StoredContact contact) {
        return new Leaf(contact.uid(), contact.now().orElseThrow().hash(), contact.position(), contact.entry());
    }

    private Stream<StoredContact> live(long book, long generation) {
        return generation(book, generation).values().stream()
                .filter(contact -> contact.now().isPresent());
    }

    private Map<Uid, StoredContact> generation(long book, long generation) {
        Map<Uid, StoredContact> rows = store.rows().contacts.get(new InMemoryRows.Generation(book, generation));
        return rows == null ? Map.of() : rows;
    }
}
