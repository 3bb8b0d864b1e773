package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.request.Change;

/** A book as a map: what it must be after all that was answered as applied, and what it was at each code before. */
final class PlainBook {
    private final CheckKey key;
    private final Map<CheckCode, Map<Uid, CanonicalCard>> history = new HashMap<>();
    private Map<Uid, CanonicalCard> contacts = new TreeMap<>();
    private CheckCode code;
    private long seq;

    PlainBook(CheckKey key) {
        this.key = key;
        code = PlainCheckCodes.of(key, contacts);
        history.put(code, contacts);
    }

    Map<Uid, CanonicalCard> contacts() {
        return contacts;
    }

    CheckCode code() {
        return code;
    }

    CheckCode codeWith(List<Change> changes) {
        return PlainCheckCodes.of(key, with(contacts, changes));
    }

    CheckCode codeOfOnly(List<Change> puts) {
        return PlainCheckCodes.of(key, with(Map.of(), puts));
    }

    /** Whether every contact is as its change expects. */
    boolean isAsExpected(List<Change> changes) {
        return changes.stream()
                .allMatch(change -> change.expected()
                        .map(expected -> expected.hash().map(Object::toString).equals(hash(contacts, change.uid())))
                        .orElse(true));
    }

    /** Applies changes and compares the answer with what they came to. */
    void apply(List<Change> changes, SyncResult result) {
        Map<Uid, CanonicalCard> after = with(contacts, changes);
        become(after, after.equals(contacts) ? 0 : 1, result);
    }

    /** Takes the contacts for the whole book and compares the answer with it. */
    void replace(List<Change> puts, SyncResult result) {
        become(with(Map.of(), puts), 1, result);
    }

    /** What a client that knows the book of {@code first} makes of {@code missed} is the book, when it is complete. */
    void compareMissed(CheckCode first, Optional<Missed> missed) {
        if (missed.isEmpty() || missed.get().since().isPresent()) {
            return;
        }
        Map<String, String> told = hashes(Objects.requireNonNull(history.get(first), "a code that the book never had"));
        for (Missed.BookChange change : missed.get().changes()) {
            if (change.now().isPresent()) {
                told.put(change.uid().value(), change.now().get().hash().hex());
            } else {
                told.remove(change.uid().value());
            }
        }
        assertThat(told).as("the book of the first code with what was missed").isEqualTo(hashes(contacts));
    }

    /** The store shows this book, its code, and its sequence number. */
    void compare(TestService service) {
        Map<Uid, CanonicalCard> visible = service.visible(Examples.ADA);
        assertThat(visible).isEqualTo(contacts);
        assertThat(service.code(Examples.ADA)).isEqualTo(PlainCheckCodes.of(key, visible));
        assertThat(service.book(Examples.ADA).seq()).isEqualTo(seq);
        assertThat(service.book(Examples.ADA).cardBytes())
                .hasValue(visible.values().stream()
                        .mapToLong(CanonicalCard::length)
                        .sum());
    }

    private void become(Map<Uid, CanonicalCard> after, int steps, SyncResult result) {
        long puts = after.entrySet().stream()
                .filter(each -> !Optional.of(each.getValue()).equals(Optional.ofNullable(contacts.get(each.getKey()))))
                .count();
        long deletes = contacts.keySet().stream()
                .filter(uid -> !after.containsKey(uid))
                .count();
        contacts = after;
        seq += steps;
        code = PlainCheckCodes.of(key, contacts);
        history.put(code, contacts);
        assertThat(result.checkCode()).isEqualTo(code());
        assertThat(result.count()).isEqualTo(contacts.size());
        assertThat(result.seq()).isEqualTo(seq);
        assertThat(result.put()).isEqualTo(puts);
        assertThat(result.deleted()).isEqualTo(deletes);
    }

    private Map<String, String> hashes(Map<Uid, CanonicalCard> book) {
        return book.keySet().stream()
                .collect(Collectors.toMap(Uid::value, uid -> hash(book, uid).orElseThrow()));
    }

    private Optional<String> hash(Map<Uid, CanonicalCard> book, Uid uid) {
        return Optional.ofNullable(book.get(uid)).map(card -> PlainCheckCodes.contentHash(key, card));
    }

    private static Map<Uid, CanonicalCard> with(Map<Uid, CanonicalCard> book, List<Change> changes) {
        Map<Uid, CanonicalCard> after = new TreeMap<>(book);
        for (Change change : changes) {
            if (change instanceof Change.Put put) {
                after.put(put.uid(), put.card());
            } else {
                after.remove(change.uid());
            }
        }
        return after;
    }
}
