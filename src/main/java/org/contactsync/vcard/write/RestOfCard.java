package org.contactsync.vcard.write;

import ezvcard.VCardDataType;
import ezvcard.property.RawProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.OpenObject;
import org.contactsync.vcard.value.PropertyText;

/** Writes what a card has once: kind, keywords, relations, properties that a reader kept; and everything else as JSON. */
final class RestOfCard {
    /** What this writer writes itself, or would make of the vCard something else. */
    private static final Set<String> NOT_KEPT = Set.of("begin", "end", "version", "uid", "jsprop");

    private RestOfCard() {}

    static void write(VcardWriter out) {
        OpenObject card = out.card();
        card.text("kind").ifPresent(kind -> out.addProperty("KIND", PropertyText.escaped(kind)));
        card.text("prodId").ifPresent(id -> out.addProperty("PRODID", PropertyText.escaped(id)));
        if (card.left().get("updated") instanceof Text time && time.value().matches("[0-9T:-]+Z")) {
            card.text("updated");
            out.addProperty("REV", Anniversaries.basic(time.value()));
        }
        List<String> keywords = card.set("keywords");
        if (!keywords.isEmpty()) {
            out.addProperty("CATEGORIES", PropertyText.list(keywords));
        }
        card.set("members").forEach(member -> out.addProperty("MEMBER", PropertyText.uri(member)));
        writeRelations(out);
        writeKeptProperties(out);
        card.left().forEach((name, value) -> out.keep(PropertyText.pointer(name), value));
    }

    private static void writeRelations(VcardWriter out) {
        out.takeCollection("relatedTo")
                .ifPresent(all -> all.values().forEach((other, value) -> {
                    if (!(value instanceof Members members)) {
                        out.keep("relatedTo/" + PropertyText.pointer(other), value);
                        return;
                    }
                    OpenObject relation = new OpenObject(members);
                    boolean uri = other.matches("[A-Za-z][A-Za-z0-9+.-]*:.*");
                    RawProperty property =
                            out.addProperty("RELATED", uri ? PropertyText.uri(other) : PropertyText.escaped(other));
                    if (!uri) {
                        property.setDataType(VCardDataType.TEXT);
                    }
                    relation.drop("@type", "Relation");
                    relation.set("relation").forEach(type -> property.addParameter("TYPE", type));
                    EntryParameters.write(out, property, relation);
                    out.keepRest("relatedTo/" + PropertyText.pointer(other), relation);
                }));
    }

    /** {@code vCardProps}: properties as jCard writes them (RFC 9555 §2.15.1), put back as they were. */
    private static void writeKeptProperties(VcardWriter out) {
        if (!(out.card().left().get("vCardProps") instanceof Items items)) {
            return;
        }
        List<CardValue> others = new ArrayList<>();
        items.values().forEach(item -> {
            if (!writeIfPossible(out, item)) {
                others.add(item);
            }
        });
        if (others.isEmpty()) {
            out.card().left().remove("vCardProps");
        } else {
            out.card().left().put("vCardProps", new Items(others));
        }
    }

    private static boolean writeIfPossible(VcardWriter out, CardValue item) {
        if (!(item instanceof Items parts)
                || parts.values().size() < 4
                || !(parts.values().get(0) instanceof Text name)
                || !(parts.values().get(1) instanceof Members parameters)
                || !(parts.values().get(2) instanceof Text type)
                || !PropertyText.isToken(name.value())
                || NOT_KEPT.contains(name.value().toLowerCase(Locale.ROOT))
                || !EntryParameters.areParameters(parameters)) {
            return false;
        }
        List<CardValue> values = parts.values().subList(3, parts.values().size());
        Optional<String> value = type.value().equals("unknown") ? asItStood(values) : value(values);
        value.ifPresent(text -> {
            RawProperty property = out.addProperty(name.value().toUpperCase(Locale.ROOT), text);
            EntryParameters.write(property, parameters);
        });
        return value.isPresent();
    }

    /** RFC 7095 §5.1: of type unknown, the value is as it stood in the file, with its escapes. */
    private static Optional<String> asItStood(List<CardValue> values) {
        return values.size() == 1
                        && values.get(0) instanceof Text text
                        && text.value().indexOf('\n') < 0
                ? Optional.of(text.value())
                : Optional.empty();
    }

    private static Optional<String> value(List<CardValue> values) {
        List<String> texts = new ArrayList<>();
        for (CardValue each : values) {
            Optional<String> text = each instanceof Items items ? structured(items) : plain(each);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            texts.add(text.get());
        }
        return Optional.of(String.join(",", texts));
    }

    private static Optional<String> structured(Items items) {
        List<String> components = new ArrayList<>();
        for (CardValue component : items.values()) {
            Optional<String> text = component instanceof Items list ? value(list.values()) : plain(component);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            components.add(text.get());
        }
        return Optional.of(String.join(";", components));
    }

    private static Optional<String> plain(CardValue value) {
        if (value instanceof Text text) {
            return Optional.of(PropertyText.escaped(text.value()));
        }
        return value instanceof Bool flag ? Optional.of(String.valueOf(flag.value())) : Optional.empty();
    }
}
