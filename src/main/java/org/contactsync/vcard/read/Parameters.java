package org.contactsync.vcard.read;

import ezvcard.property.VCardProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.CardObject;
import org.contactsync.vcard.value.PlainText;

/**
 * The parameters of one vCard property. What a mapping takes is gone; {@link #addTo} writes the rest, so that no
 * parameter is lost. For one thread at a time.
 */
final class Parameters {
    /** How the value was written in the file, which says nothing about the contact. */
    private static final Set<String> WRITING = Set.of("value", "encoding", "charset");

    private static final Map<String, String> CONTEXTS =
            Map.of("home", "private", "personal", "private", "work", "work", "business", "work");
    private static final String GROUP = "group";
    private static final int HIGHEST_PREFERENCE = 1;
    private static final int LOWEST_PREFERENCE = 100;

    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final Optional<String> group;

    Parameters(VCardProperty property) {
        for (Map.Entry<String, List<String>> entry : property.getParameters()) {
            if (entry.getKey() != null) {
                values.put(entry.getKey().toLowerCase(Locale.ROOT), new ArrayList<>(entry.getValue()));
            }
        }
        values.keySet().removeAll(WRITING);
        group = Optional.ofNullable(property.getGroup()).map(name -> name.toLowerCase(Locale.ROOT));
        group.ifPresent(name -> values.put(GROUP, List.of(name)));
    }

    Optional<String> group() {
        return group;
    }

    /** The first value of a parameter, which is taken out. */
    Optional<String> take(String name) {
        List<String> all = values.remove(name);
        return all == null || all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    /** The first value of a parameter, which stays. */
    Optional<String> look(String name) {
        return values.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Of the TYPE values those that {@code meanings} knows, translated and taken out. */
    Set<String> takeTypes(Map<String, String> meanings) {
        Set<String> taken = new LinkedHashSet<>();
        values.getOrDefault("type", List.of()).forEach(type -> {
            String meaning = meanings.get(type.toLowerCase(Locale.ROOT));
            if (meaning != null) {
                taken.add(meaning);
            }
        });
        dropTypes(meanings.keySet());
        return taken;
    }

    /** The first TYPE value that is neither a context nor a preference, which is taken out: vCard 3.0's type of a picture. */
    Optional<String> takeMediaType() {
        Optional<String> type = values.getOrDefault("type", List.of()).stream()
                .map(each -> each.toLowerCase(Locale.ROOT))
                .filter(each -> !CONTEXTS.containsKey(each) && !each.equals("pref"))
                .findFirst();
        type.ifPresent(each -> dropTypes(Set.of(each)));
        return type;
    }

    /** Takes out TYPE values that say what the property says anyway. */
    void dropTypes(Set<String> types) {
        List<String> left = new ArrayList<>(values.getOrDefault("type", List.of()));
        left.removeIf(type -> types.contains(type.toLowerCase(Locale.ROOT)));
        if (left.isEmpty()) {
            values.remove("type");
        } else {
            values.put("type", left);
        }
    }

    /** Writes {@code contexts}, {@code pref} and, for all that is left, {@code vCardParams} (RFC 9555 §2.15.2). */
    void addTo(CardObject object) {
        object.set("contexts", takeTypes(CONTEXTS));
        preference().ifPresent(pref -> object.number("pref", pref));
        object.object("vCardParams", toObject());
    }

    /** All that is left, names in lower case, one value as a text and several as a list. */
    CardObject toObject() {
        CardObject all = new CardObject();
        values.forEach((name, texts) -> all.put(asciiName(name), value(texts)));
        return all;
    }

    private Optional<Integer> preference() {
        boolean preferred = !takeTypes(Map.of("pref", "pref")).isEmpty();
        List<String> stated = values.getOrDefault("pref", List.of());
        if (stated.size() == 1 && stated.get(0).matches("[0-9]{1,3}")) {
            int pref = Integer.parseInt(stated.get(0));
            if (pref >= HIGHEST_PREFERENCE && pref <= LOWEST_PREFERENCE) {
                values.remove("pref");
                return Optional.of(pref);
            }
        }
        return preferred ? Optional.of(HIGHEST_PREFERENCE) : Optional.empty();
    }

    private static CardValue value(List<String> texts) {
        List<CardValue> plain = new ArrayList<>();
        texts.forEach(text -> plain.add(new Text(PlainText.of(text))));
        return plain.size() == 1 ? plain.get(0) : new Items(plain);
    }

    /** Member names are ASCII in the profile; other characters of a parameter's name are written {@code u00e9}. */
    static String asciiName(String name) {
        if (CardProfile.keyFlaw(name).isEmpty()) {
            return name;
        }
        StringBuilder ascii = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > 0x20 && c < 0x7f) {
                ascii.append(c);
            } else {
                ascii.append(String.format("u%04x", (int) c));
            }
        }
        return ascii.toString();
    }
}
