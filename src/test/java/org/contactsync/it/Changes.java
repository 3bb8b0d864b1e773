package org.contactsync.it;

import jakarta.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the body of an incremental sync, or of a chunk. One thread at a time. */
final class Changes {
    private final List<String> changes = new ArrayList<>();
    private final StringBuilder members = new StringBuilder();

    /** A card with a name, in canonical form. */
    static String card(String name) {
        return "{\"@type\":\"Card\",\"name\":{\"full\":%s},\"version\":\"1.0\"}".formatted(quoted(name));
    }

    /** A chunk of an {@code initial} or {@code replace} upload: contacts named by numbers, from the first to before the last. */
    static String contacts(int first, int end) {
        List<String> contacts = new ArrayList<>();
        for (int i = first; i < end; i++) {
            contacts.add("{\"uid\":%s,\"card\":%s}".formatted(quoted(uid(i)), numbered(i)));
        }
        return "{\"contacts\":[" + String.join(",", contacts) + "]}";
    }

    /** Puts of the same contacts. */
    static Changes puts(int first, int end) {
        Changes made = new Changes();
        for (int i = first; i < end; i++) {
            made.put(uid(i), numbered(i));
        }
        return made;
    }

    static String uid(int number) {
        return "contact-%05d".formatted(number);
    }

    static String numbered(int number) {
        return card("Contact " + number);
    }

    Changes put(String uid, String card) {
        return with("{\"op\":\"put\",\"uid\":%s,\"card\":%s}".formatted(quoted(uid), card));
    }

    /** @param hash what the contact must have; null: it must not exist */
    Changes putOver(@Nullable String hash, String uid, String card) {
        return with("{\"op\":\"put\",\"uid\":%s,\"card\":%s,\"ifContentHash\":%s}"
                .formatted(quoted(uid), card, hash == null ? "null" : quoted(hash)));
    }

    Changes delete(String uid) {
        return with("{\"op\":\"delete\",\"uid\":%s}".formatted(quoted(uid)));
    }

    Changes deleteOver(String hash, String uid) {
        return with("{\"op\":\"delete\",\"uid\":%s,\"ifContentHash\":%s}".formatted(quoted(uid), quoted(hash)));
    }

    Changes rebase() {
        return member("onMismatch", quoted("rebase"));
    }

    Changes checkAfter(String code) {
        return member("checkAfter", quoted(code));
    }

    Changes confirmDeletes() {
        return member("confirmDeletes", "true");
    }

    String body() {
        return "{\"changes\":[" + String.join(",", changes) + "]" + members + "}";
    }

    private Changes with(String change) {
        changes.add(change);
        return this;
    }

    private Changes member(String name, String value) {
        members.append(",\"").append(name).append("\":").append(value);
        return this;
    }

    static String quoted(String text) {
        return Json.createValue(text).toString();
    }
}
