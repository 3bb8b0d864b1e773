package org.contactsync.protocol.json;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.contactsync.contact.Flaw;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.request.Change;

/** Leaves contacts at fault out of a request that asks for that ({@code Prefer: handling=lenient}, protocol 3.7.1). */
final class Lenient {
    private Lenient() {}

    /** What a change with {@code rebase} lacks. */
    static ContactFlaw withoutPrecondition(Change change, int index) {
        return new ContactFlaw(
                Optional.of(change.uid().value()),
                index,
                "/ifContentHash",
                new Flaw("precondition-missing", "with onMismatch rebase each change says ifContentHash or ifAbsent"));
    }

    /**
     * Those with a precondition; the others are added to {@code leftOut}.
     *
     * @param changes without those that are in {@code leftOut} already
     */
    static List<Change> withPreconditions(List<Change> changes, List<ContactFlaw> leftOut) {
        Set<Integer> gone = indexes(leftOut);
        List<Change> rest = new ArrayList<>();
        int index = 0;
        for (Change change : changes) {
            while (gone.contains(index)) {
                index++;
            }
            if (change.expected().isPresent()) {
                rest.add(change);
            } else {
                leftOut.add(withoutPrecondition(change, index));
            }
            index++;
        }
        leftOut.sort(Comparator.comparingInt(ContactFlaw::index));
        return rest;
    }

    /** All again, with a change without effect in the place of each that was left out. */
    static List<Change> withPlaces(List<Change> changes, List<ContactFlaw> leftOut) {
        Set<Integer> gone = indexes(leftOut);
        Set<String> uids = changes.stream().map(change -> change.uid().value()).collect(Collectors.toSet());
        List<Change> all = new ArrayList<>(changes.size() + gone.size());
        int next = 0;
        for (int index = 0; index < changes.size() + gone.size(); index++) {
            all.add(gone.contains(index) ? place(uids) : changes.get(next++));
        }
        return all;
    }

    private static Change place(Set<String> uids) {
        while (true) {
            Change place = Change.withoutEffect(UUID.randomUUID());
            if (uids.add(place.uid().value())) {
                return place;
            }
        }
    }

    private static Set<Integer> indexes(List<ContactFlaw> leftOut) {
        return leftOut.stream().map(ContactFlaw::index).collect(Collectors.toCollection(HashSet::new));
    }
}
