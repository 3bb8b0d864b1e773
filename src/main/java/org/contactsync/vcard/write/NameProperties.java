package org.contactsync.vcard.write;

import ezvcard.property.RawProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.read.NameGrid;
import org.contactsync.vcard.read.NameMappings;
import org.contactsync.vcard.value.CardObject;
import org.contactsync.vcard.value.OpenObject;
import org.contactsync.vcard.value.PropertyText;
import org.contactsync.vcard.value.SortKeys;

/** FN, which every vCard must have, and N (RFC 9555 §2.5). */
final class NameProperties {
    private NameProperties() {}

    static void write(VcardWriter out) {
        Optional<Members> members = out.takeCollection("name");
        if (members.isEmpty()) {
            writeDerived(out, new OpenObject(new Members(new TreeMap<>())));
            return;
        }
        OpenObject name = new OpenObject(members.get());
        Optional<String> full = name.text("full");
        if (full.isPresent()) {
            out.addProperty("FN", PropertyText.escaped(full.get()));
        } else {
            writeDerived(out, name);
        }
        writeComponents(out, name);
        out.keepRest("name", name);
    }

    private static void writeComponents(VcardWriter out, OpenObject name) {
        if (!(name.left().get("components") instanceof Items items)) {
            return;
        }
        List<List<String>> parts = new ArrayList<>();
        NameMappings.KINDS.forEach(kind -> parts.add(new ArrayList<>()));
        List<CardValue> asRead = new ArrayList<>();
        List<CardValue> silent =
                items.values().stream().map(NameGrid::withoutSound).toList();
        for (CardValue item : silent) {
            if (item instanceof Members members
                    && members.values().get("value") instanceof Text value
                    && members.values().get("kind") instanceof Text kind
                    && NameMappings.KINDS.contains(kind.value())) {
                parts.get(NameMappings.KINDS.indexOf(kind.value())).add(value.value());
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            for (String value : parts.get(i)) {
                asRead.add(CardObject.withText("value", value)
                        .text("kind", NameMappings.KINDS.get(i))
                        .toMembers());
            }
        }
        while (parts.size() > 1 && parts.get(parts.size() - 1).isEmpty()) {
            parts.remove(parts.size() - 1);
        }
        if (asRead.isEmpty()) {
            return;
        }
        RawProperty property = out.addProperty("N", PropertyText.structured(parts));
        EntryParameters.writeParameters(property, name);
        writeSortAs(property, name, parts);
        boolean ordered = new Bool(true).equals(name.left().get("isOrdered"));
        boolean all = asRead.size() == silent.size() && asRead.containsAll(silent);
        boolean sounds = !silent.equals(items.values());
        if ((asRead.equals(silent) || (all && !ordered)) && (!sounds || NameSounds.areWritable(name.left()))) {
            name.left().remove("components"); // otherwise N has lost their order, or some of them
            NameGrid.of(items).map(grid -> new NameSounds(out, grid, property)).ifPresent(written -> {
                if (sounds) {
                    written.write(name);
                }
                written.writeLocalizations();
            });
        }
    }

    /** SORT-AS, when each of its texts belongs to a component of N. */
    private static void writeSortAs(RawProperty property, OpenObject name, List<List<String>> parts) {
        List<String> keys = new ArrayList<>();
        OpenObject sortAs = new OpenObject(name.look("sortAs").orElse(new Members(new TreeMap<>())));
        for (int i = 0; i < parts.size(); i++) {
            keys.add(
                    parts.get(i).isEmpty()
                            ? ""
                            : sortAs.text(NameMappings.KINDS.get(i)).orElse(""));
        }
        if (sortAs.left().isEmpty() && SortKeys.areWritable(keys)) {
            SortKeys.write(property, keys);
            name.left().remove("sortAs");
        }
    }

    /** A contact without a full name is called by what else there is (RFC 9554 §4.4). */
    private static void writeDerived(VcardWriter out, OpenObject name) {
        List<String> parts = new ArrayList<>();
        if (name.left().get("components") instanceof Items items) {
            items.values().forEach(item -> {
                if (item instanceof Members members && members.values().get("value") instanceof Text value) {
                    parts.add(value.value());
                }
            });
        }
        String text = String.join(" ", parts).strip();
        if (text.isEmpty()) {
            text = first(out, "organizations", "name")
                    .or(() -> first(out, "emails", "address"))
                    .or(() -> first(out, "phones", "number"))
                    .orElse("");
        }
        RawProperty property = out.addProperty("FN", PropertyText.escaped(text));
        property.setParameter("DERIVED", "TRUE");
    }

    private static Optional<String> first(VcardWriter out, String collection, String member) {
        return out.card()
                .look(collection)
                .flatMap(entries -> entries.values().values().stream()
                        .filter(Members.class::isInstance)
                        .map(entry -> ((Members) entry).values().get(member))
                        .filter(Text.class::isInstance)
                        .map(value -> ((Text) value).value())
                        .findFirst());
    }
}
