package org.contactsync.sync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
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
    public Map<Uid, StoredContact> find(long book, long generation, Collection<Uid> uids) {
        Map<Uid, StoredContact> found = new HashMap<>(generation(book, generation));
        found.keySet().retainAll(List.copyOf(uids));
        return found;
    }

    @Override
    public Map<Uid, ContentHash> hashes(long book, long generation, Collection<Uid> uids) {
        Map<Uid, ContentHash> hashes = new HashMap<>();
        find(book, generation, uids)
                .forEach((uid, contact) -> contact.now().ifPresent(content -> hashes.put(uid, content.hash())));
        return hashes;
    }

    @Override
    public void write(long book, long generation, Collection<StoredContact> contacts, Collection<Uid> existing) {
        NavigableMap<Uid, StoredContact> rows = store.writing().contacts(book, generation);
        for (StoredContact contact : contacts) {
            if (rows.containsKey(contact.uid()) != existing.contains(contact.uid())) {
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
    public List<Leaf> leaves(long book, long generation, List<String> prefixes) {
        List<Leaf> leaves = new ArrayList<>();
        for (String prefix : prefixes) {
            live(book, generation)
                    .filter(contact -> contact.position().hex().startsWith(prefix))
                    .forEach(contact -> leaves.add(new Leaf(
                            contact.uid(), contact.now().orElseThrow().hash(), contact.position(), contact.entry())));
        }
        return leaves;
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
