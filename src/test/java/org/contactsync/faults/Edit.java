package org.contactsync.faults;

import jakarta.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One change of one contact.
 *
 * @param uid plain text
 * @param card in canonical form; empty: the contact is deleted
 * @param expected what the contact must have for the change to be applied
 */
record Edit(String uid, Optional<String> card, Expected expected) {
    /** A precondition. */
    sealed interface Expected {
        /** None. */
        record Anything() implements Expected {}

        /** There is no such contact. */
        record NoContact() implements Expected {}

        /** The content hash, hexadecimal. */
        record Hash(String hex) implements Expected {}
    }

    static Edit put(String uid, String card) {
        return new Edit(uid, Optional.of(card), new Expected.Anything());
    }

    static Edit delete(String uid) {
        return new Edit(uid, Optional.empty(), new Expected.Anything());
    }

    /** The same change, under the condition that the contact is as in a book. */
    Edit over(Map<String, String> book, PlainCodes codes) {
        String card = book.get(uid);
        return new Edit(
                uid, this.card, card == null ? new Expected.NoContact() : new Expected.Hash(codes.contentHash(card)));
    }

    boolean holdsIn(Map<String, String> book, PlainCodes codes) {
        if (expected instanceof Expected.Anything) {
            return true;
        }
        return over(book, codes).expected().equals(expected);
    }

    /** Changes the book. */
    void applyTo(Map<String, String> book) {
        card.ifPresentOrElse(each -> book.put(uid, each), () -> book.remove(uid));
    }

    /** As an element of {@code changes}. */
    String json() {
        return card.map(each -> "{\"op\":\"put\",\"uid\":" + quoted(uid) + ",\"card\":" + each)
                        .orElseGet(() -> "{\"op\":\"delete\",\"uid\":" + quoted(uid))
                + condition() + "}";
    }

    /** As an element of {@code contacts}. */
    String contactJson() {
        return "{\"uid\":" + quoted(uid) + ",\"card\":" + card.orElseThrow() + "}";
    }

    /** The members of a body. */
    static String changes(List<Edit> edits) {
        return edits.stream().map(Edit::json).collect(Collectors.joining(",", "\"changes\":[", "]"));
    }

    static String contacts(List<Edit> edits) {
        return edits.stream().map(Edit::contactJson).collect(Collectors.joining(",", "\"contacts\":[", "]"));
    }

    private String condition() {
        if (expected instanceof Expected.Hash hash) {
            return ",\"ifContentHash\":\"" + hash.hex() + "\"";
        }
        return expected instanceof Expected.NoContact ? ",\"ifContentHash\":null" : "";
    }

    private static String quoted(String text) {
        return Json.createValue(text).toString();
    }
}
