package org.contactsync.vcard.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.ArbitraryCards;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Int;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.VcardReader;

/** Whatever a card has, a vCard of it is read again as the same card, in both versions. A failing run prints its seed. */
class RoundTripProperties {
    /** Protocol 4.24.3 and 11.7. */
    @Property(tries = 200)
    void anyCard(@ForAll("anything") Card card, @ForAll Version version) throws Exception {
        assertComesBack(List.of(card), version);
    }

    /** Protocol 4.24.3: cards of JSContact, also with members and entries that no property can say. */
    @Property(tries = 300)
    void anyContact(@ForAll("contacts") Card card, @ForAll Version version) throws Exception {
        assertComesBack(List.of(card), version);
    }

    @Property(tries = 50)
    void manyContactsInOneFile(@ForAll("files") List<Card> cards, @ForAll Version version) throws Exception {
        assertComesBack(cards, version);
    }

    @Property(tries = 200)
    void anyUid(@ForAll("uids") Uid uid, @ForAll Version version) throws Exception {
        String text = VcardWriter.write(uid, new Card(new Members(new TreeMap<>())), version);

        assertThat(VcardReader.read(text.getBytes(StandardCharsets.UTF_8)).contacts())
                .singleElement()
                .satisfies(contact -> assertThat(contact.uid()).isEqualTo(uid));
    }

    private static void assertComesBack(List<Card> cards, Version version) throws Exception {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < cards.size(); i++) {
            file.append(VcardWriter.write(new Uid("urn:x:" + i), cards.get(i), version));
        }

        List<FoundContact> read = VcardReader.read(file.toString().getBytes(StandardCharsets.UTF_8))
                .contacts();

        assertThat(read).as(file.toString()).hasSameSizeAs(cards);
        for (int i = 0; i < cards.size(); i++) {
            assertThat(read.get(i).uid().value()).isEqualTo("urn:x:" + i);
            assertThat(text(read.get(i).card())).as(file.toString()).isEqualTo(text(CanonicalCard.of(cards.get(i))));
            assertThat(CardJson.parsed(read.get(i).card())).isEqualTo(cards.get(i));
        }
    }

    private static String text(CanonicalCard card) {
        return new String(card.utf8(), StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<Uid> uids() {
        return ArbitraryCards.uids().filter(uid -> !uid.value().isBlank());
    }

    @Provide
    Arbitrary<Card> anything() {
        return ArbitraryCards.cards();
    }

    @Provide
    Arbitrary<List<Card>> files() {
        return contacts().list().ofMinSize(2).ofMaxSize(5);
    }

    /** Members of JSContact with the values that they should have, and with others. */
    @Provide
    Arbitrary<Card> contacts() {
        Arbitrary<CardValue> text = texts().map(Text::new);
        Arbitrary<CardValue> odd = ArbitraryCards.cards().map(Card::root);
        Arbitrary<Members> entry = object(
                Arbitraries.of(
                        "number",
                        "address",
                        "uri",
                        "name",
                        "full",
                        "kind",
                        "note",
                        "label",
                        "pref",
                        "contexts",
                        "features",
                        "value",
                        "user",
                        "service",
                        "mediaType",
                        "vCardParams",
                        "vCardName",
                        "components",
                        "date",
                        "units",
                        "countryCode",
                        "@type"),
                Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(6, text),
                        net.jqwik.api.Tuple.of(
                                1, Arbitraries.longs().between(0, 101).map(Int::new)),
                        net.jqwik.api.Tuple.of(2, sets()),
                        net.jqwik.api.Tuple.of(2, components()),
                        net.jqwik.api.Tuple.of(1, dates()),
                        net.jqwik.api.Tuple.of(1, odd.filter(value -> depth(value) < 5))),
                6);
        Arbitrary<Members> collection = object(
                Arbitraries.of(
                        "k1", "k2", "k3", "k10", "a b", "ä".replace('ä', '~'), "x/y", "", "PHONE-1", "\"", "^n;,:"),
                entry,
                4);
        Arbitrary<String> names = Arbitraries.of(
                "phones",
                "emails",
                "addresses",
                "notes",
                "organizations",
                "titles",
                "nicknames",
                "onlineServices",
                "links",
                "media",
                "anniversaries",
                "personalInfo",
                "cryptoKeys",
                "calendars",
                "directories",
                "relatedTo",
                "members",
                "keywords",
                "name",
                "localizations",
                "example.com:own");
        Arbitrary<Members> collections = object(names, collection, 5);
        Arbitrary<Members> singles = object(
                Arbitraries.of(
                        "@type", "version", "kind", "prodId", "updated", "created", "language", "name", "vCardProps"),
                Arbitraries.oneOf(text, entry.map(each -> (CardValue) each), kept()),
                4);
        return Combinators.combine(collections, singles).as((one, other) -> {
            TreeMap<String, CardValue> all = new TreeMap<>(one.values());
            all.putAll(other.values());
            return new Card(new Members(all));
        });
    }

    private static Arbitrary<CardValue> kept() {
        Arbitrary<String> names =
                Arbitraries.of("x-own", "x-abdate", "jsprop", "tel", "geo", "categories", "begin", "é");
        return Combinators.combine(names, sets(), texts())
                .as((name, parameters, value) -> (CardValue)
                        new Items(List.of(new Text(name), parameters, new Text("unknown"), new Text(value))))
                .list()
                .ofMaxSize(3)
                .map(Items::new);
    }

    private static Arbitrary<CardValue> sets() {
        Arbitrary<CardValue> flags = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(5, Arbitraries.just((CardValue) new Bool(true))),
                net.jqwik.api.Tuple.of(1, texts().map(Text::new)));
        return object(
                        Arbitraries.of("work", "private", "mobile", "voice", "other", "group", "x-a", "a b", "type"),
                        flags,
                        3)
                .map(each -> each);
    }

    private static Arbitrary<CardValue> components() {
        Arbitrary<CardValue> component = object(
                        Arbitraries.of("kind", "value", "phonetic", "name", "sortAs"),
                        Arbitraries.oneOf(
                                Arbitraries.of("surname", "given", "name", "locality", "country", "separator", "title")
                                        .map(Text::new),
                                texts().map(Text::new)),
                        4)
                .map(each -> each);
        return component.list().ofMaxSize(3).map(Items::new);
    }

    private static Arbitrary<CardValue> dates() {
        return object(
                        Arbitraries.of("@type", "year", "month", "day", "utc"),
                        Arbitraries.oneOf(
                                Arbitraries.of("PartialDate", "Timestamp", "2026-11-22T10:15:30Z")
                                        .map(Text::new),
                                Arbitraries.longs().between(0, 2100).map(Int::new)),
                        4)
                .map(each -> each);
    }

    private static Arbitrary<Members> object(Arbitrary<String> names, Arbitrary<? extends CardValue> values, int most) {
        return Combinators.combine(names, values)
                .as((name, value) -> new TreeMap<String, CardValue>(java.util.Map.of(name, value)))
                .list()
                .ofMaxSize(most)
                .map(each -> {
                    TreeMap<String, CardValue> all = new TreeMap<>();
                    each.forEach(all::putAll);
                    return new Members(all);
                });
    }

    private static Arbitrary<String> texts() {
        Arbitrary<String> usual = Arbitraries.of(
                "+44 20 7946 0958",
                "tel:+44-20-7946-0958;ext=5",
                "tel:+4930123",
                "ada@example.com",
                "https://example.com/a,b;c",
                "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAA",
                "data:image/png;base64,iVBORw0KGgo=",
                "data:,hello%20world",
                "END:VCARD\nBEGIN:VCARD",
                "photo",
                "birth",
                "wedding",
                "title",
                "impp",
                "");
        Arbitrary<String> odd = Arbitraries.strings()
                .withChars(
                        '\t', '\n', ' ', 'a', 'ë', '刘', '"', '\\', ';', ',', ':', '=', '^', '\'', '\u0085', '\u2028',
                        '\ufffd')
                .ofMaxLength(120);
        return Arbitraries.oneOf(usual, odd);
    }

    private static int depth(CardValue value) {
        List<CardValue> below = new ArrayList<>();
        if (value instanceof Members members) {
            below.addAll(members.values().values());
        } else if (value instanceof Items items) {
            below.addAll(items.values());
        } else {
            return 0;
        }
        return 1 + below.stream().mapToInt(RoundTripProperties::depth).max().orElse(0);
    }
}
