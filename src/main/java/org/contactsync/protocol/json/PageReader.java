package org.contactsync.protocol.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.BookChange;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link PageJson} writes, for clients. Unknown members are ignored (protocol 3.1). If the JSON is not such a page,
 * every method throws what {@link AnswerReader} throws. Thread-safe.
 */
public final class PageReader {
    private PageReader() {}

    /** Receives contacts one by one, so that no memory is needed for all of them. */
    @FunctionalInterface
    public interface ContactVisitor {
        void contact(Uid uid, CanonicalCard card) throws IOException;
    }

    /**
     * A page of contacts (protocol 4.4), without the contacts.
     *
     * @param checkCode of the book when the page was made
     * @param contacts how many there were
     * @param last the last one's uid; of an empty page the one before it
     * @param next the link to the page after it; empty on the last one
     */
    public record Contacts(CheckCode checkCode, int contacts, Optional<Uid> last, Optional<String> next) {}

    /**
     * A page of entries (protocol 4.7.3).
     *
     * @param <H> a whole hash, or the hex digits of a shortened one
     * @param next the link to the page after it; empty on the last one
     */
    public record Entries<H>(CheckCode checkCode, Map<Uid, H> entries, Optional<String> next) {}

    /**
     * A page of the feed (protocol 4.6.1).
     *
     * @param checkCode of the book when the page was read
     * @param seq of the book then
     * @param next the link to the page after it; empty on the last one
     */
    public record Changes(List<BookChange> changes, CheckCode checkCode, long seq, Optional<String> next) {}

    /**
     * A page of versions (protocol 4.17), of which one was looked for.
     *
     * @param found the card of that one
     * @param next the link to the page after it; empty on the last one
     */
    public record Versions(Optional<CanonicalCard> found, Optional<String> next) {}

    /** Nodes of the digest tree by prefix, each as hex. */
    public record Nodes(CheckCode checkCode, SortedMap<String, String> nodes) {}

    /**
     * Gives the contacts of a page to {@code visitor}, one by one.
     *
     * @param after the last uid of the page before; each contact comes after the one before, by the bytes of its uid
     * @throws UncheckedIOException of the visitor
     */
    public static Contacts contacts(byte[] utf8, Optional<Uid> after, ContactVisitor visitor) {
        @Nullable String code = null;
        Optional<String> next = Optional.empty();
        int contacts = 0;
        Optional<Uid> last = after;
        try (JsonParser parser = BoundedJson.parser(utf8)) {
            expect(parser.next() == Event.START_OBJECT);
            while (parser.next() == Event.KEY_NAME) {
                String name = parser.getString();
                Event value = parser.next();
                if (name.equals("contacts")) {
                    expect(value == Event.START_ARRAY);
                    while (parser.next() == Event.START_OBJECT) {
                        JsonObject contact = BoundedJson.object(parser);
                        Uid uid = new Uid(contact.getString("uid"));
                        expect(last.isEmpty() || last.get().compareTo(uid) < 0);
                        visitor.contact(uid, AnswerReader.card(contact));
                        last = Optional.of(uid);
                        contacts++;
                    }
                } else if (name.equals("checkCode")) {
                    code = ((JsonString) parser.getValue()).getString();
                } else if (name.equals("next")) {
                    next = link(((JsonString) parser.getValue()).getString());
                } else {
                    parser.getValue(); // a member that this client does not know (protocol 3.1)
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        expect(code != null);
        return new Contacts(new CheckCode(String.valueOf(code)), contacts, last, next);
    }

    /** Looks for the version with that hash. */
    public static Versions versions(JsonObject json, ContentHash hash) {
        return new Versions(
                json.getJsonArray("versions").getValuesAs(JsonObject.class).stream()
                        .filter(version -> version.getString("contentHash").equals(hash.hex()))
                        .findFirst()
                        .map(AnswerReader::card),
                json.containsKey("next") ? link(json.getString("next")) : Optional.empty());
    }

    public static Entries<ContentHash> entries(JsonObject json) {
        return entries(json, ContentHash::ofHex);
    }

    /** @param bytes how many bytes of each hash there must be */
    public static Entries<String> shortEntries(JsonObject json, int bytes) {
        return entries(json, hex -> {
            if (hex.length() != 2 * bytes || !hex.matches("[0-9a-f]*")) {
                throw new IllegalArgumentException("shortened hash: " + bytes + " bytes as lower-case hex digits");
            }
            return hex;
        });
    }

    private static <H> Entries<H> entries(JsonObject json, Function<String, H> hash) {
        Map<Uid, H> entries = new LinkedHashMap<>();
        for (JsonArray entry : json.getJsonArray("entries").getValuesAs(JsonArray.class)) {
            entries.put(new Uid(entry.getString(0)), hash.apply(entry.getString(1)));
        }
        return new Entries<>(
                new CheckCode(json.getString("checkCode")),
                Collections.unmodifiableMap(entries),
                link(json.getString("next", "")));
    }

    public static Changes changes(JsonObject json) {
        List<BookChange> changes = AnswerReader.changes(json.getJsonArray("changes"));
        return new Changes(
                changes,
                new CheckCode(json.getString("checkCode")),
                json.getJsonNumber("seq").longValueExact(),
                json.getBoolean("hasMore", false) ? link(json.getString("next", "")) : Optional.empty());
    }

    public static Nodes nodes(JsonObject json) {
        SortedMap<String, String> nodes = new TreeMap<>();
        json.getJsonObject("nodes")
                .forEach((prefix, node) -> nodes.put(prefix, node.asJsonObject().getString("node")));
        return new Nodes(new CheckCode(json.getString("checkCode")), nodes);
    }

    private static Optional<String> link(String next) {
        return Optional.of(next).filter(link -> !link.isEmpty());
    }

    private static void expect(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("page: contacts in the order of their uids, and a check code");
        }
    }
}
