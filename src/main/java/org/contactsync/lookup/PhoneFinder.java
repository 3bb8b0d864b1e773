package org.contactsync.lookup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.contact.Uid;
import org.contactsync.lookup.LookupRows.Entry;
import org.contactsync.lookup.LookupRows.Index;
import org.contactsync.protocol.lookup.Closeness;
import org.contactsync.protocol.lookup.Mark;
import org.contactsync.protocol.lookup.PhoneAnswer;
import org.contactsync.protocol.lookup.PhoneMatch;
import org.contactsync.sync.book.Deadline;

/** Finds the contacts of some numbers. One thread at a time. */
final class PhoneFinder implements Finder {
    /** Contacts of one number: what a screen has room for. */
    static final int MOST_MATCHES = 5;

    /** Entries of one group that are compared: a company whose extensions end alike has fewer. */
    private static final int MOST_COMPARED = 200;

    private static final Comparator<PhoneMatch> CLOSEST = Comparator.<PhoneMatch, Closeness>comparing(
                    PhoneFinder::closeness)
            .thenComparing(match -> !match.marks().contains(Mark.FAVOURITE))
            .thenComparing(PhoneMatch::name)
            .thenComparing(match -> match.uid().value());

    private final List<AskedNumber> asked;
    private final Map<String, List<Integer>> groups = new LinkedHashMap<>();

    /** For each number the best match of each contact. */
    private final List<Map<Uid, PhoneMatch>> best = new ArrayList<>();

    PhoneFinder(List<AskedNumber> asked) {
        this.asked = asked;
        for (int i = 0; i < asked.size(); i++) {
            best.add(new HashMap<>());
            for (String group : asked.get(i).groups()) {
                groups.computeIfAbsent(group, unused -> new ArrayList<>()).add(i);
            }
        }
    }

    @Override
    public List<Entry> read(LookupRows rows, long book, Index index) {
        List<Entry> entries = new ArrayList<>();
        for (String group : groups.keySet()) {
            Deadline.current().check();
            entries.addAll(rows.entries(book, index, group, List.of(), Optional.empty(), MOST_COMPARED));
        }
        return entries;
    }

    @Override
    public void put(Uid uid, String entry, String label, String name, int marks) {
        List<Integer> numbers = groups.getOrDefault(IndexedCard.groupOf(entry), List.of());
        if (numbers.isEmpty()) {
            return;
        }
        Optional<NumberText> number = IndexedCard.number(entry);
        // Read once for all numbers that end alike: those of one request have one region.
        Map<Optional<String>, StoredNumber> read = new HashMap<>();
        for (int i : numbers) {
            AskedNumber one = asked.get(i);
            Optional<Closeness> close = number.isPresent()
                    ? one.closeness(
                            read.computeIfAbsent(one.region(), region -> new StoredNumber(number.get(), region)))
                    : closeness(one, entry);
            close.ifPresent(found -> keep(best.get(i), match(uid, name, label, found, marks)));
        }
    }

    /** Of an entry that is no number. */
    private static Optional<Closeness> closeness(AskedNumber number, String entry) {
        return entry.startsWith(IndexedCard.ADDRESS) && number.isAddress(entry.substring(IndexedCard.ADDRESS.length()))
                ? Optional.of(Closeness.EXACT)
                : Optional.empty();
    }

    private static void keep(Map<Uid, PhoneMatch> matches, PhoneMatch match) {
        if (matches.size() < MOST_COMPARED || matches.containsKey(match.uid())) {
            matches.merge(match.uid(), match, (one, two) -> CLOSEST.compare(one, two) <= 0 ? one : two);
        }
    }

    private static PhoneMatch match(Uid uid, String name, String label, Closeness close, int marks) {
        return new PhoneMatch(uid, name, label, close.wireName(), Mark.of(marks));
    }

    private static Closeness closeness(PhoneMatch match) {
        for (Closeness each : Closeness.values()) {
            if (each.wireName().equals(match.closeness())) {
                return each;
            }
        }
        return Closeness.PARTIAL;
    }

    @Override
    public void remove(Uid uid) {
        best.forEach(matches -> matches.remove(uid));
    }

    /** An answer for each number, in the order in which they were asked for. */
    List<PhoneAnswer> answers(Function<AskedNumber, Boolean> blocked) {
        List<PhoneAnswer> answers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            AskedNumber number = asked.get(i);
            answers.add(new PhoneAnswer(
                    number.asked(),
                    number.e164(),
                    blocked.apply(number),
                    best.get(i).values().stream()
                            .sorted(CLOSEST)
                            .limit(MOST_MATCHES)
                            .toList()));
        }
        return answers;
    }
}
