package org.contactsync.protocol.json;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;

/**
 * The JSON of what is read of a book page by page; {@link PageReader} reads it. Pages that may be long are written item by item
 * between a beginning and an end, so that no whole page has to be in memory.
 */
public final class PageJson {
    private PageJson() {}

    public static void beginContacts(JsonWriter json) {
        json.object().name("contacts").array();
    }

    /** A contact: one of a page, or alone. */
    public static void contact(JsonWriter json, Uid uid, Content content) {
        json.object()
                .member("uid", uid.value())
                .name("card")
                .card(content.card())
                .member("contentHash", content.hash().hex())
                .end();
    }

    /** @param next the link to the page after this one */
    public static void endContacts(JsonWriter json, CheckCode code, Optional<String> next) {
        json.endArray().member("checkCode", code.value());
        end(json, next);
    }

    public static void beginEntries(JsonWriter json, CheckCode code) {
        json.object().member("checkCode", code.value()).name("entries").array();
    }

    public static void entry(JsonWriter json, Uid uid, ContentHash hash) {
        entry(json, uid, hash, ContentHash.BYTES);
    }

    /** @param hashBytes how many bytes of the hash are written */
    public static void entry(JsonWriter json, Uid uid, ContentHash hash, int hashBytes) {
        json.array()
                .value(uid.value())
                .value(hash.hex().substring(0, 2 * hashBytes))
                .endArray();
    }

    /** @param next the link to the page after this one */
    public static void endEntries(JsonWriter json, Optional<String> next) {
        json.endArray();
        end(json, next);
    }

    /**
     * A page of the changes feed.
     *
     * @param next where the feed goes on: now, if there is more, or when something has changed
     */
    public static void changes(
            JsonWriter json, List<BookChange> changes, boolean more, String next, long seq, CheckCode code) {
        json.object().name("changes").array();
        changes.forEach(change -> AnswerJson.write(json, change));
        json.endArray()
                .member("hasMore", more)
                .member("next", next)
                .member("seq", seq)
                .member("checkCode", code.value())
                .end();
    }

    /**
     * Nodes of the digest tree.
     *
     * @param nodes by prefix
     * @param codes with the key of the book
     */
    public static void nodes(JsonWriter json, CheckCode code, Map<String, BookDigest> nodes, CheckCodes codes) {
        json.object().member("checkCode", code.value()).name("nodes").object();
        nodes.forEach((prefix, digest) -> json.name(prefix)
                .object()
                .member("count", digest.count())
                .member("node", HexFormat.of().formatHex(codes.node(prefix, digest)))
                .end());
        json.end().end();
    }

    private static void end(JsonWriter json, Optional<String> next) {
        next.ifPresent(link -> json.member("next", link));
        json.end();
    }
}
