package org.contactsync.sync;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

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
                                        .orElse(0)));
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

    @Override
    public void write(long book, long generation, Writes writes) {
        NavigableMap<Uid, StoredContact> rows = store.writing().contacts(book, generation);
        for (StoredContact contact : writes.contacts()) {
            if (rows.containsKey(contact.uid()) != writes.existing().contains(contact.uid())) {
                throw new IllegalStateException("contact that exists, or not, unlike told");
            }
            rows.put(contact.uid(), contact);
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
    public List<StoredContact> changedSince(long book, long generation, long seq, Optional<Uid> after, int most) {
        return generation(book, generation).values().stream()
                .filter(contact -> contact.seq() > seq)
                .filter(contact -> contact.seq() > seq + 1
                        || after.map(uid -> contact.uid().compareTo(uid) > 0).orElse(true))
                .sorted(Comparator.comparing(StoredContact::seq).thenComparing(StoredContact::uid))
                .limit(most)
                .toList();
    }

    @Override
    public List<StoredContact> contacts(long book, long generation, Optional<Uid> after, int most) {
        return live(book, generation)
                .filter(contact ->
                        after.map(uid -> contact.uid().compareTo(uid) > 0).orElse(true))
                .limit(most)
                .toList();
    }

    @Override
    public Optional<StoredContact> contact(long book, long generation, Uid uid) {
        return Optional.ofNullable(generation(book, generation).get(uid))
                .filter(contact -> contact.now().isPresent());
    }

    @Override
    public void eachLeaf(long book, long generation, List<String> prefixes, Consumer<Leaf> taker) {
        live(book, generation)
                .filter(contact -> prefixes.stream().anyMatch(contact.position().hex()::startsWith))
                .forEach(contact -> taker.accept(new Leaf(
                        contact.uid(), contact.now().orElseThrow().hash(), contact.position(), contact.entry())));
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
