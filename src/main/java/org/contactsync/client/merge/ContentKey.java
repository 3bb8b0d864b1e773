package org.contactsync.client.merge;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.protocol.json.CardJson;
import org.jspecify.annotations.Nullable;

/**
 * What a contact is recognised by when its uid is lost: its full name with its numbers and addresses. Two cards with the same key are
 * taken for one contact only if no other card has that key.
 *
 * @param text for comparison only
 */
public record ContentKey(String text) {
    private static final Set<String> IN_KEY = Set.of("@type", "version", "name", "phones", "emails");

    /** Empty for a card without a name, or without a number and an address: nothing else tells two of them apart. */
    public static Optional<ContentKey> of(CanonicalCard card) {
        String name = name(card);
        TreeSet<String> reach = reach(card);
        return name.isEmpty() || reach.isEmpty()
                ? Optional.empty()
                : Optional.of(new ContentKey(name + "\n" + String.join("\n", reach)));
    }

    /** Of two cards with the same key: whether the first can be what a phone shows of the second. */
    public static boolean isForm(CanonicalCard shown, CanonicalCard of) {
        SortedMap<String, CardValue> whole = members(of);
        return members(shown).entrySet().stream()
                .allMatch(member ->
                        IN_KEY.contains(member.getKey()) || member.getValue().equals(whole.get(member.getKey())));
    }

    /** Whether the first can be what a phone shows of the second that was just given to it: the same name, and no number or address besides. */
    public static boolean maySeemSo(CanonicalCard shown, CanonicalCard of) {
        return name(shown).equals(name(of)) && reach(of).containsAll(reach(shown));
    }

    /** Whether it has a full name, a number or an address. A card without them may seem like many others. */
    public static boolean isTelling(CanonicalCard card) {
        return !name(card).isEmpty() || !reach(card).isEmpty();
    }

    /**
     * Whether two cards that a book calls the same are one contact: all numbers and addresses are the same, or the full name is and one of
     * these, as far as both have any.
     */
    public static boolean isOnePerson(CanonicalCard one, CanonicalCard other) {
        TreeSet<String> first = reach(one);
        TreeSet<String> second = reach(other);
        boolean sameReach = !first.isEmpty() && first.equals(second);
        boolean sameName = !name(one).isEmpty() && name(one).equals(name(other));
        boolean contradicts =
                !first.isEmpty() && !second.isEmpty() && first.stream().noneMatch(second::contains);
        return one.equals(other) || sameReach || sameName && !contradicts;
    }

    private static String name(CanonicalCard card) {
        return members(card).get("name") instanceof Members parts
                ? text(parts, "full").strip().toLowerCase(Locale.ROOT)
                : "";
    }

    private static TreeSet<String> reach(CanonicalCard card) {
        TreeSet<String> reach = new TreeSet<>();
        each(members(card).get("phones"), "number", number -> reach.add(number.replaceAll("[^+0-9*#]", "")));
        each(members(card).get("emails"), "address", address -> reach.add(address.toLowerCase(Locale.ROOT)));
        reach.remove("");
        return reach;
    }

    private static SortedMap<String, CardValue> members(CanonicalCard card) {
        return CardJson.parsed(card).root().values();
    }

    private static void each(@Nullable CardValue map, String member, Consumer<String> use) {
        if (map instanceof Members entries) {
            for (CardValue entry : entries.values().values()) {
                if (entry instanceof Members values) {
                    use.accept(text(values, member));
                }
            }
        }
    }

    private static String text(Members members, String name) {
        return members.values().get(name) instanceof Text text ? text.value() : "";
    }

    /** Never shows the contact. */
    @Override
    public String toString() {
        return "ContentKey";
    }
}
