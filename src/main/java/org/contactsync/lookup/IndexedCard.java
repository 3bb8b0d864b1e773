package org.contactsync.lookup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.protocol.lookup.Mark;
import org.contactsync.protocol.problem.ProblemException;

/**
 * What the index has of a card. Each kind of entry begins with a letter of its own, and is at most 300 bytes long.
 *
 * @param name for a screen
 * @param entries the label of each entry; that of a word is empty
 */
public record IndexedCard(String name, Set<Mark> marks, Map<String, String> entries) {
    /** Changes when the form of entries changes: an instance of another form does not use the index. */
    static final int FORM = 1;

    static final String NUMBER = "n";
    static final String ADDRESS = "u";
    static final String WORD = "w";

    private static final char AFTER_END = '/';

    /** Of one contact; honest ones have a few. */
    private static final int MOST_NUMBERS = 32;

    private static final int MOST_WORDS = 32;

    private static final IndexedCard NOTHING = new IndexedCard("", Set.of(), Map.of());

    public IndexedCard {
        marks = Set.copyOf(marks);
        entries = Map.copyOf(entries);
    }

    /** A card that cannot be read any more is not found; the scrub reports it. */
    static IndexedCard of(CanonicalCard stored) {
        try {
            return of(Members.of(CardJson.parsed(stored).root()));
        } catch (ProblemException | IllegalArgumentException damaged) {
            return NOTHING;
        }
    }

    static IndexedCard of(Members card) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (Members phone : card.objects("phones")) {
            add(entries, phone.text("number"), ScreenName.label(phone));
        }
        for (Members service : card.objects("onlineServices")) {
            add(entries, service);
        }
        NameWords.of(texts(card), MOST_WORDS).forEach(word -> entries.put(WORD + word, ""));
        return new IndexedCard(ScreenName.of(card), ScreenName.marks(card), entries);
    }

    private static void add(Map<String, String> entries, Members service) {
        String label = ScreenName.label(service);
        String uri = service.text("uri");
        if (!uri.isEmpty()) {
            if (SipAddress.of(uri).isPresent() || uri.regionMatches(true, 0, "tel:", 0, 4)) {
                add(entries, uri, label);
            }
        } else if (service.text("service").equalsIgnoreCase("sip")) {
            add(entries, "sip:" + service.text("user"), label);
        }
    }

    private static void add(Map<String, String> entries, String written, String label) {
        if (entries.size() >= MOST_NUMBERS) {
            return;
        }
        Optional<SipAddress> sip = SipAddress.of(written);
        sip.ifPresent(address -> entries.putIfAbsent(ADDRESS + address.comparable(), label));
        (sip.isPresent() ? sip.get().number() : NumberText.of(written))
                .ifPresent(number -> entries.putIfAbsent(group(number.digits()) + number.stored(), label));
    }

    /** Names, nicknames and organisations, the sounds of names too. */
    private static List<String> texts(Members card) {
        List<String> texts = new ArrayList<>();
        Members name = card.object("name");
        texts.add(name.text("full"));
        for (Members component : name.list("components")) {
            texts.add(component.text("value"));
            texts.add(component.text("phonetic"));
        }
        card.objects("nicknames").forEach(nickname -> texts.add(nickname.text("name")));
        card.objects("organizations").forEach(organization -> texts.add(organization.text("name")));
        return texts;
    }

    /** What entries of numbers begin with that end like these digits. */
    static String group(String digits) {
        return NUMBER + NumberText.end(digits) + AFTER_END;
    }

    /** What an entry of a number or an address is found by. */
    static String groupOf(String entry) {
        return entry.startsWith(NUMBER) ? entry.substring(0, entry.indexOf(AFTER_END) + 1) : entry;
    }

    /** The number of an entry; empty if it is an address or a word. */
    static Optional<NumberText> number(String entry) {
        return entry.startsWith(NUMBER)
                ? Optional.of(NumberText.ofStored(entry.substring(entry.indexOf(AFTER_END) + 1)))
                : Optional.empty();
    }
}
