package org.contactsync.client.cli.file;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.protocol.json.CardJson;
import org.jspecify.annotations.Nullable;

/** What a person calls a contact. */
public final class CardName {
    private static final Members NONE = new Members(new TreeMap<>());

    private CardName() {}

    /** The name on the card, or else its organization, address or number; empty if it has none of these. */
    public static String of(CanonicalCard card) {
        return of(CardJson.parsed(card).root());
    }

    static String of(Members card) {
        Members name = members(card, "name");
        return Stream.of(
                        text(name, "full"),
                        components(name),
                        first(card, "nicknames", "name"),
                        first(card, "organizations", "name"),
                        first(card, "emails", "address"),
                        first(card, "phones", "number"))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
    }

    private static String components(Members name) {
        return name.values().get("components") instanceof Items items
                ? items.values().stream()
                        .map(part -> part instanceof Members members ? text(members, "value") : "")
                        .filter(part -> !part.isBlank())
                        .collect(Collectors.joining(" "))
                : "";
    }

    private static String first(Members card, String list, String member) {
        List<String> all = members(card, list).values().values().stream()
                .map(each -> each instanceof Members entry ? text(entry, member) : "")
                .filter(each -> !each.isBlank())
                .toList();
        return all.isEmpty() ? "" : all.get(0);
    }

    private static Members members(Members of, String name) {
        @Nullable CardValue value = of.values().get(name);
        return value instanceof Members members ? members : NONE;
    }

    private static String text(Members of, String name) {
        return of.values().get(name) instanceof Text text ? text.value() : "";
    }
}
