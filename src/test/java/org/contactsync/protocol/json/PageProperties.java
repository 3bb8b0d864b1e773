package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.contact.ArbitraryCards;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;

/** What is written page by page is read as the same values, whether it is gathered or goes to a stream. */
class PageProperties {
    private static final CheckCodes CODES = new CheckCodes(CheckKey.of(new byte[CheckKey.BYTES]));
    private static final CheckCode CODE = ArbitraryAnswers.code(3);

    /** Protocol 4.4. */
    @Property(tries = 100)
    void contacts(@ForAll("books") SortedMap<Uid, Content> book, @ForAll("links") Optional<String> next) {
        byte[] page = written(json -> {
            PageJson.beginContacts(json);
            book.forEach((uid, content) -> PageJson.contact(json, uid, content));
            PageJson.endContacts(json, CODE, next);
        });

        Map<Uid, CanonicalCard> read = new LinkedHashMap<>();
        PageReader.Contacts contacts = PageReader.contacts(page, Optional.empty(), read::put);

        assertThat(contacts)
                .isEqualTo(new PageReader.Contacts(
                        CODE, book.size(), book.isEmpty() ? Optional.empty() : Optional.of(book.lastKey()), next));
        Map<Uid, CanonicalCard> cards = new LinkedHashMap<>();
        book.forEach((uid, content) -> cards.put(uid, content.card()));
        assertThat(List.copyOf(read.entrySet())).isEqualTo(List.copyOf(cards.entrySet()));
    }

    @Property(tries = 50)
    void aContact(@ForAll("contents") Content content) {
        JsonWriter json = new JsonWriter();
        PageJson.contact(json, new Uid("ada"), content);

        assertThat(AnswerReader.card(JsonProperties.json(json.text()))).isEqualTo(content.card());
    }

    /** Protocol 4.7.3. */
    @Property(tries = 100)
    void entries(@ForAll("books") SortedMap<Uid, Content> book, @ForAll("links") Optional<String> next) {
        byte[] page = written(json -> {
            PageJson.beginEntries(json, CODE);
            book.forEach((uid, content) -> PageJson.entry(json, uid, content.hash()));
            PageJson.endEntries(json, next);
        });

        Map<Uid, ContentHash> hashes = new LinkedHashMap<>();
        book.forEach((uid, content) -> hashes.put(uid, content.hash()));
        assertThat(PageReader.entries(BoundedJson.object(page)))
                .isEqualTo(new PageReader.Entries<>(CODE, hashes, next));
    }

    /** Protocol 4.6. */
    @Property(tries = 100)
    void changes(@ForAll("feeds") List<BookChange> changes, @ForAll boolean more) {
        byte[] page = written(json -> PageJson.changes(json, changes, more, "/v1/book/changes?since=7", 7, CODE));

        assertThat(PageReader.changes(BoundedJson.object(page)))
                .isEqualTo(new PageReader.Changes(
                        changes, CODE, 7, more ? Optional.of("/v1/book/changes?since=7") : Optional.empty()));
    }

    /** Protocol 4.7. */
    @Property(tries = 50)
    void nodes(@ForAll("books") SortedMap<Uid, Content> book) {
        DigestTree tree = new DigestTree();
        book.forEach((uid, content) -> tree.add(CODES.position(uid), CODES.entry(uid, content.hash())));
        SortedMap<String, BookDigest> nodes = tree.nodes("", 1);
        byte[] page = written(json -> PageJson.nodes(json, CODE, nodes, CODES));

        SortedMap<String, String> hex = new TreeMap<>();
        nodes.forEach((prefix, digest) -> hex.put(prefix, HexFormat.of().formatHex(CODES.node(prefix, digest))));
        assertThat(PageReader.nodes(BoundedJson.object(page))).isEqualTo(new PageReader.Nodes(CODE, hex));
    }

    @Provide
    Arbitrary<SortedMap<Uid, Content>> books() {
        return Arbitraries.maps(ArbitraryCards.uids(), contents()).ofMaxSize(5).map(TreeMap::new);
    }

    @Provide
    Arbitrary<Content> contents() {
        return ArbitraryAnswers.contents();
    }

    @Provide
    Arbitrary<List<BookChange>> feeds() {
        return ArbitraryAnswers.changes().list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<Optional<String>> links() {
        return Combinators.combine(ArbitraryCards.uids(), Arbitraries.integers().between(1, 5_000))
                .as((uid, limit) -> "/v1/book/contacts?limit=" + limit + "&after=" + uid)
                .optional();
    }

    /** Through a stream; a gathered text has the same bytes. */
    private static byte[] written(Consumer<JsonWriter> page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonWriter streaming = new JsonWriter(out);
        page.accept(streaming);
        streaming.flush();
        JsonWriter gathering = new JsonWriter();
        page.accept(gathering);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(gathering.text());
        return out.toByteArray();
    }
}
