package org.contactsync.vcard.write;

import ezvcard.property.RawProperty;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.OpenObject;
import org.jspecify.annotations.Nullable;

/** BDAY, ANNIVERSARY and DEATHDATE with whole and partial dates (RFC 6350 §4.3.1). */
public final class Anniversaries {
    private static final Map<String, String> NAMES =
            Map.of("birth", "BDAY", "wedding", "ANNIVERSARY", "death", "DEATHDATE");

    private Anniversaries() {}

    static @Nullable RawProperty write(VcardWriter out, OpenObject entry) {
        String kind = entry.left().get("kind") instanceof Text text ? text.value() : "";
        String name = NAMES.getOrDefault(kind, "");
        Optional<String> date = entry.look("date").flatMap(Anniversaries::date);
        if (name.isEmpty() || out.has(name) || date.isEmpty()) {
            return null; // a vCard has one birthday
        }
        entry.drop("kind", kind);
        entry.left().remove("date");
        return out.addProperty(name, date.get());
    }

    private static Optional<String> date(Members members) {
        OpenObject date = new OpenObject(members);
        Optional<String> type = date.text("@type");
        if (type.equals(Optional.of("Timestamp"))) {
            Optional<String> utc = date.text("utc");
            return date.left().isEmpty() ? utc.map(Anniversaries::basic) : Optional.empty();
        }
        Optional<Long> year = date.number("year");
        Optional<Long> month = date.number("month");
        Optional<Long> day = date.number("day");
        if (!date.left().isEmpty() || !inRange(year, 0, 9999) || !inRange(month, 1, 12) || !inRange(day, 1, 31)) {
            return Optional.empty();
        }
        return type.equals(Optional.of("PartialDate")) ? partial(year, month, day) : Optional.empty();
    }

    private static Optional<String> partial(Optional<Long> year, Optional<Long> month, Optional<Long> day) {
        if (year.isPresent()) {
            String years = String.format(Locale.ROOT, "%04d", year.get());
            if (month.isEmpty()) {
                return day.isEmpty() ? Optional.of(years) : Optional.empty();
            }
            return Optional.of(
                    day.isEmpty() ? years + "-" + two(month.get()) : years + two(month.get()) + two(day.get()));
        }
        if (month.isPresent()) {
            return Optional.of(
                    "--" + two(month.get()) + day.map(Anniversaries::two).orElse(""));
        }
        return day.map(number -> "---" + two(number));
    }

    private static boolean inRange(Optional<Long> number, long least, long most) {
        return number.isEmpty() || (number.get() >= least && number.get() <= most);
    }

    private static String two(long number) {
        return String.format(Locale.ROOT, "%02d", number);
    }

    /** {@code 2026-11-22T10:15:30Z} without its punctuation. */
    static String basic(String utc) {
        return utc.replace("-", "").replace(":", "");
    }
}
