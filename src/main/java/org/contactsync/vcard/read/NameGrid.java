package org.contactsync.vcard.read;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * The components of a name and where each one stands in N. Texts "by component" are as many as the components, in their order;
 * an empty one says nothing. Immutable.
 *
 * @param components in the order of the card
 * @param kinds for each of them the index of its kind in {@link NameMappings#KINDS}
 */
public record NameGrid(List<Members> components, List<Integer> kinds) {
    private static final String PHONETIC = "phonetic";

    /** Empty when one of the components has no place in N. */
    public static Optional<NameGrid> of(@Nullable CardValue components) {
        if (!(components instanceof Items items)) {
            return Optional.empty();
        }
        List<Members> members = new ArrayList<>();
        List<Integer> kinds = new ArrayList<>();
        for (CardValue item : items.values()) {
            int kind = item instanceof Members object && object.values().get("kind") instanceof Text text
                    ? NameMappings.KINDS.indexOf(text.value())
                    : -1;
            if (kind < 0) {
                return Optional.empty();
            }
            members.add((Members) item);
            kinds.add(kind);
        }
        return Optional.of(new NameGrid(List.copyOf(members), List.copyOf(kinds)));
    }

    /** Whether the name has a component of this kind. */
    boolean has(int kind) {
        return kinds.contains(kind);
    }

    /**
     * Values in the form of N, by component.
     *
     * @return empty when a value belongs to no component, or it is not clear to which
     */
    Optional<List<String>> byComponent(List<List<String>> parts) {
        List<String> texts = new ArrayList<>(Collections.nCopies(components.size(), ""));
        for (int kind = 0; kind < parts.size(); kind++) {
            List<Integer> own = indexes(kind);
            List<String> values = parts.get(kind);
            if (values.size() != own.size()) {
                values = values.stream().filter(value -> !value.isEmpty()).toList();
            }
            if (!values.isEmpty() && values.size() != own.size()) {
                return Optional.empty();
            }
            for (int i = 0; i < values.size(); i++) {
                texts.set(own.get(i), PlainText.of(values.get(i)));
            }
        }
        return Optional.of(texts);
    }

    /** Texts by component in the form of N. */
    public List<List<String>> parts(List<String> texts) {
        List<List<String>> parts = new ArrayList<>();
        for (int kind = 0; kind < NameMappings.KINDS.size(); kind++) {
            parts.add(indexes(kind).stream().map(texts::get).toList());
        }
        return parts;
    }

    /** How the components sound, by component. */
    public List<String> sounds() {
        return components.stream()
                .map(component -> component.values().get(PHONETIC) instanceof Text text ? text.value() : "")
                .toList();
    }

    /** The components, each with its sound. */
    List<Members> withSounds(List<String> sounds) {
        List<Members> all = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            TreeMap<String, CardValue> members = new TreeMap<>(components.get(i).values());
            if (!sounds.get(i).isEmpty()) {
                members.put(PHONETIC, new Text(sounds.get(i)));
            }
            all.add(new Members(members));
        }
        return all;
    }

    /** Of a component all but its sound. */
    public static CardValue withoutSound(CardValue component) {
        if (!(component instanceof Members object)
                || !(object.values().get(PHONETIC) instanceof Text text)
                || text.value().isEmpty()) {
            return component;
        }
        TreeMap<String, CardValue> members = new TreeMap<>(object.values());
        members.remove(PHONETIC);
        return new Members(members);
    }

    private List<Integer> indexes(int kind) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            if (kinds.get(i) == kind) {
                indexes.add(i);
            }
        }
        return indexes;
    }
}
