package org.contactsync.lookup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.contactsync.contact.Uid;
import org.contactsync.lookup.LookupRows.Entry;
import org.contactsync.lookup.LookupRows.Index;
import org.contactsync.protocol.lookup.Mark;
import org.contactsync.protocol.lookup.NameAnswer;
import org.contactsync.sync.book.Deadline;

/** Finds contacts by the beginnings of words, in the order of the words that match. One thread at a time. */
final class NameFinder implements Finder {
    /** Entries read from the index at once. */
    private static final int SLICE = 200;

    /** Contacts kept while the feed is read: of more the last ones are left out. */
    private static final int MOST_KEPT = 2_000;

    private final NameQuery query;
    private final int most;
    private final TreeMap<Place, NameAnswer.Found> found = new TreeMap<>();
    private final Map<Uid, Place> places = new HashMap<>();

    /** The order of answers: that of the index. */
    private record Place(String entry, Uid uid) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparing(
                        (Place place) -> place.entry().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned)
                .thenComparing(place -> place.uid().utf8(), Arrays::compareUnsigned);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /** @param most contacts of the answer */
    NameFinder(NameQuery query, int most) {
        this.query = query;
        this.most = most;
    }

    /** Enough for the answer: a contact may have several of these entries. */
    @Override
    public List<Entry> read(LookupRows rows, long book, Index index) {
        List<Entry> entries = new ArrayList<>();
        Set<Uid> contacts = new HashSet<>();
        Optional<Entry> last = Optional.empty();
        while (true) {
            Deadline.current().check();
            List<Entry> slice = rows.entries(book, index, query.longest(), query.others(), last, SLICE);
            entries.addAll(slice);
            slice.forEach(entry -> contacts.add(entry.uid()));
            if (slice.size() < SLICE || contacts.size() > most) {
                return entries;
            }
            last = Optional.of(slice.get(slice.size() - 1));
        }
    }

    @Override
    public void put(Uid uid, IndexedCard card) {
        if (query.othersAreIn(card.entries().keySet())) {
            Finder.super.put(uid, card);
        }
    }

    @Override
    public void put(Uid uid, String entry, String label, String name, int marks) {
        if (!entry.startsWith(query.longest())) {
            return;
        }
        Place place = new Place(entry, uid);
        Place before = places.get(uid);
        if (before != null && before.compareTo(place) <= 0) {
            return;
        }
        remove(uid);
        found.put(place, new NameAnswer.Found(uid, name, Mark.of(marks)));
        places.put(uid, place);
        if (found.size() > MOST_KEPT) {
            places.remove(found.pollLastEntry().getKey().uid());
        }
    }

    @Override
    public void remove(Uid uid) {
        Place place = places.remove(uid);
        if (place != null) {
            found.remove(place);
        }
    }

    NameAnswer answer() {
        return new NameAnswer(found.values().stream().limit(most).toList(), found.size() > most);
    }
}
