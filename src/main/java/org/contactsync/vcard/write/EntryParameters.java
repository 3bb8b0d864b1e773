package org.contactsync.vcard.write;

import ezvcard.property.RawProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.OpenObject;
import org.contactsync.vcard.value.PropertyText;

/** What entries of every kind have: contexts, preference, label, and parameters that a reader kept. */
final class EntryParameters {
    private static final Map<String, String> CONTEXTS = Map.of("private", "home", "work", "work");

    private EntryParameters() {}

    static void write(VcardWriter out, RawProperty property, OpenObject entry) {
        writeParameters(property, entry);
        if (entry.look("contexts")
                .filter(all -> CONTEXTS.keySet().containsAll(all.values().keySet()))
                .isPresent()) {
            entry.set("contexts").forEach(context -> property.addParameter("TYPE", CONTEXTS.get(context)));
        }
        entry.number("pref").ifPresent(pref -> property.setParameter("PREF", pref.toString()));
        entry.text("label").ifPresent(label -> out.addLabel(property, label));
    }

    /** {@code vCardParams}, of which those that are no parameter stay behind. */
    static void writeParameters(RawProperty property, OpenObject entry) {
        if (entry.look("vCardParams").filter(EntryParameters::areParameters).isPresent()) {
            write(property, entry.look("vCardParams").orElseThrow());
            entry.left().remove("vCardParams");
        }
    }

    static boolean areParameters(Members members) {
        return members.values().entrySet().stream()
                .allMatch(parameter -> PropertyText.isToken(parameter.getKey())
                        && !texts(parameter.getValue()).isEmpty()
                        && (!parameter.getKey().equals("group")
                                || PropertyText.isToken(
                                        texts(parameter.getValue()).get(0))));
    }

    /** @param members that {@link #areParameters} */
    static void write(RawProperty property, Members members) {
        members.values()
                .forEach((name, value) -> texts(value).forEach(text -> {
                    if (name.equals("group")) {
                        property.setGroup(text);
                    } else {
                        property.addParameter(name.toUpperCase(Locale.ROOT), text);
                    }
                }));
    }

    /** Empty when there is something else than texts. */
    private static List<String> texts(CardValue value) {
        List<CardValue> all = value instanceof Items items ? items.values() : List.of(value);
        List<String> texts = new ArrayList<>();
        for (CardValue each : all) {
            if (!(each instanceof Text text)) {
                return List.of();
            }
            texts.add(text.value());
        }
        return texts;
    }
}
