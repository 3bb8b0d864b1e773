package org.contactsync.vcard.write;

import ezvcard.VCardDataType;
import ezvcard.property.RawProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.CardObject;
import org.contactsync.vcard.value.OpenObject;
import org.contactsync.vcard.value.PropertyText;
import org.contactsync.vcard.value.SortKeys;
import org.jspecify.annotations.Nullable;

/** Everything that a card contains as entries with ids: phones, addresses, notes and the like (RFC 9555 §2). */
final class EntryProperties {
    private static final Map<String, String> FEATURES = Map.of(
            "mobile", "cell",
            "voice", "voice",
            "text", "text",
            "video", "video",
            "fax", "fax",
            "pager", "pager",
            "textphone", "textphone",
            "main-number", "main-number");

    private static final List<String> ADDRESS_KINDS =
            List.of("postOfficeBox", "apartment", "name", "locality", "region", "postcode", "country");

    /** Writes the property of an entry, taking out what it expresses; null, taking nothing, when there is none for it. */
    private interface Entry {
        @Nullable
        RawProperty write(VcardWriter out, OpenObject entry);
    }

    private EntryProperties() {}

    static void write(VcardWriter out) {
        writeEntries(out, "nicknames", (o, e) -> writeText(o, e, "NICKNAME", "name"));
        writeEntries(out, "organizations", EntryProperties::writeOrganization);
        writeEntries(out, "titles", (o, e) -> writeByKind(o, e, "name", Map.of("title", "TITLE", "role", "ROLE"), ""));
        writeEntries(out, "phones", EntryProperties::writePhone);
        writeEntries(out, "emails", (o, e) -> writeText(o, e, "EMAIL", "address"));
        writeEntries(out, "onlineServices", EntryProperties::writeService);
        writeEntries(out, "addresses", EntryProperties::writeAddress);
        writeEntries(out, "links", (o, e) -> writeByKind(o, e, "uri", Map.of("contact", "CONTACT-URI"), "URL"));
        writeEntries(
                out,
                "calendars",
                (o, e) -> writeByKind(o, e, "uri", Map.of("calendar", "CALURI", "freeBusy", "FBURL"), ""));
        writeEntries(out, "schedulingAddresses", (o, e) -> writeByKind(o, e, "uri", Map.of(), "CALADRURI"));
        writeEntries(
                out,
                "directories",
                (o, e) -> writeByKind(o, e, "uri", Map.of("entry", "SOURCE", "directory", "ORG-DIRECTORY"), ""));
        writeEntries(
                out,
                "media",
                (o, e) -> writeByKind(o, e, "uri", Map.of("photo", "PHOTO", "logo", "LOGO", "sound", "SOUND"), ""));
        writeEntries(out, "cryptoKeys", (o, e) -> writeByKind(o, e, "uri", Map.of(), "KEY"));
        writeEntries(out, "preferredLanguages", (o, e) -> writeText(o, e, "LANG", "language"));
        writeEntries(out, "notes", (o, e) -> writeText(o, e, "NOTE", "note"));
        writeEntries(
                out,
                "personalInfo",
                (o, e) -> writeByKind(
                        o, e, "value", Map.of("expertise", "EXPERTISE", "hobby", "HOBBY", "interest", "INTEREST"), ""));
        writeEntries(out, "anniversaries", Anniversaries::write);
    }

    private static void writeEntries(VcardWriter out, String collection, Entry entry) {
        Optional<Members> members = out.takeCollection(collection);
        if (members.isEmpty()) {
            return;
        }
        List<String> ids = OpenObject.ids(members.get());
        boolean numbered = VcardWriter.areNumbered(ids);
        for (String id : ids) {
            CardValue value = Objects.requireNonNull(members.get().values().get(id));
            String pointer = collection + "/" + PropertyText.pointer(id);
            @Nullable RawProperty property = null;
            if (value instanceof Members object) {
                OpenObject open = new OpenObject(object);
                property = entry.write(out, open);
                if (property != null) {
                    EntryParameters.write(out, property, open);
                    if (!numbered || !open.left().isEmpty()) {
                        property.setParameter("PROP-ID", id);
                    }
                    out.keepRest(pointer, open);
                }
            }
            if (property == null) {
                out.keep(pointer, value);
            }
        }
    }

    private static @Nullable RawProperty writeText(VcardWriter out, OpenObject entry, String name, String member) {
        Optional<String> value = entry.text(member);
        return value.isEmpty() ? null : out.addProperty(name, PropertyText.escaped(value.get()));
    }

    /** @param otherwise the property of an entry without a kind; empty: there is none */
    private static @Nullable RawProperty writeByKind(
            VcardWriter out, OpenObject entry, String member, Map<String, String> names, String otherwise) {
        String kind = entry.left().get("kind") instanceof Text text ? text.value() : "";
        String name = names.getOrDefault(kind, entry.left().containsKey("kind") ? "" : otherwise);
        Optional<String> value = name.isEmpty() ? Optional.empty() : entry.text(member);
        if (value.isEmpty()) {
            return null;
        }
        entry.drop("kind", kind);
        if (!member.equals("uri")) {
            return out.addProperty(name, PropertyText.escaped(value.get()));
        }
        RawProperty property = out.addProperty(name, PropertyText.uri(value.get()));
        entry.text("mediaType").ifPresent(type -> property.setParameter("MEDIATYPE", type));
        return property;
    }

    private static @Nullable RawProperty writeOrganization(VcardWriter out, OpenObject entry) {
        List<List<String>> parts = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        if (entry.left().get("units") instanceof Items items) {
            for (CardValue item : items.values()) {
                if (!(item instanceof Members members)) {
                    return null;
                }
                OpenObject unit = new OpenObject(members);
                Optional<String> name = unit.text("name");
                keys.add(sortKey(unit));
                if (name.isEmpty() || !unit.left().isEmpty()) {
                    return null;
                }
                parts.add(List.of(name.get()));
            }
            entry.left().remove("units");
        }
        Optional<String> name = entry.text("name");
        parts.add(0, name.map(List::of).orElse(List.of()));
        keys.add(0, name.map(taken -> sortKey(entry)).orElse(""));
        boolean sorted = keys.stream().anyMatch(key -> !key.isEmpty());
        if (sorted && !SortKeys.areWritable(keys)) {
            return null;
        }
        RawProperty property = out.addProperty("ORG", PropertyText.structured(parts));
        if (sorted) {
            SortKeys.write(property, keys);
        }
        return property;
    }

    private static String sortKey(OpenObject part) {
        return part.left().get("sortAs") instanceof Text text && !text.value().isEmpty()
                ? part.text("sortAs").orElse("")
                : "";
    }

    private static @Nullable RawProperty writePhone(VcardWriter out, OpenObject entry) {
        Optional<String> number = entry.text("number");
        if (number.isEmpty()) {
            return null;
        }
        boolean uri = number.get().startsWith("tel:");
        RawProperty property =
                out.addProperty("TEL", uri ? PropertyText.uri(number.get()) : PropertyText.escaped(number.get()));
        if (uri) {
            property.setDataType(VCardDataType.URI);
        }
        if (entry.look("features")
                .filter(all -> FEATURES.keySet().containsAll(all.values().keySet()))
                .isPresent()) {
            entry.set("features").forEach(feature -> property.addParameter("TYPE", FEATURES.get(feature)));
        }
        return property;
    }

    private static @Nullable RawProperty writeService(VcardWriter out, OpenObject entry) {
        Optional<String> uri = entry.text("uri");
        if (uri.isEmpty()) {
            return null;
        }
        String name = entry.left().get("vCardName") instanceof Text text ? text.value() : "socialprofile";
        boolean known = List.of("impp", "x-socialprofile", "socialprofile").contains(name);
        if (known) {
            entry.drop("vCardName", name);
        }
        RawProperty property =
                out.addProperty(known ? name.toUpperCase(Locale.ROOT) : "SOCIALPROFILE", PropertyText.uri(uri.get()));
        entry.text("service").ifPresent(service -> property.setParameter("SERVICE-TYPE", service));
        if (!name.equals("impp")) {
            entry.text("user").ifPresent(user -> property.setParameter("USERNAME", user));
        }
        return property;
    }

    private static @Nullable RawProperty writeAddress(VcardWriter out, OpenObject entry) {
        List<List<String>> parts = new ArrayList<>();
        ADDRESS_KINDS.forEach(kind -> parts.add(new ArrayList<>()));
        if (entry.left().get("components") instanceof Items items) {
            for (CardValue item : items.values()) {
                if (item instanceof Members members
                        && members.values().get("value") instanceof Text value
                        && members.values().get("kind") instanceof Text kind
                        && ADDRESS_KINDS.contains(kind.value())) {
                    parts.get(ADDRESS_KINDS.indexOf(kind.value())).add(value.value());
                }
            }
            if (asRead(parts).equals(items.values())) {
                entry.left().remove("components");
            }
        }
        RawProperty property = out.addProperty("ADR", PropertyText.structured(parts));
        entry.text("full").ifPresent(label -> property.setParameter("LABEL", label));
        entry.text("countryCode").ifPresent(code -> property.setParameter("CC", code));
        entry.text("coordinates").ifPresent(place -> property.setParameter("GEO", place));
        entry.text("timeZone").ifPresent(zone -> property.setParameter("TZ", zone));
        return property;
    }

    private static List<CardValue> asRead(List<List<String>> parts) {
        List<CardValue> components = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            for (String value : parts.get(i)) {
                components.add(CardObject.withText("value", value)
                        .text("kind", ADDRESS_KINDS.get(i))
                        .toMembers());
            }
        }
        return components;
    }
}
