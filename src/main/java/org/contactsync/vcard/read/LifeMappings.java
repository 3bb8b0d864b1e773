package org.contactsync.vcard.read;

import ezvcard.property.Anniversary;
import ezvcard.property.Birthday;
import ezvcard.property.DateOrTimeProperty;
import ezvcard.property.Deathdate;
import ezvcard.property.Revision;
import ezvcard.util.PartialDate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.Optional;
import org.contactsync.vcard.value.CardObject;
import org.jspecify.annotations.Nullable;

/** Anniversaries with partial dates, and the time of the last change (RFC 9555 §2.5.6 to 2.5.10, §2.11.5). */
final class LifeMappings {
    /** Apple writes a birthday without year as one in this leap year and names the year in a parameter. */
    private static final String OMITTED_YEAR = "x-apple-omit-year";

    private LifeMappings() {}

    static void addTo(MappingTable table) {
        table.add(Birthday.class, (day, card) -> addAnniversary(day, "birth", card))
                .add(Anniversary.class, (day, card) -> addAnniversary(day, "wedding", card))
                .add(Deathdate.class, (day, card) -> addAnniversary(day, "death", card))
                .add(Revision.class, LifeMappings::addUpdated);
    }

    private static boolean addAnniversary(DateOrTimeProperty property, String kind, CardDraft card) {
        Parameters parameters = new Parameters(property);
        Optional<CardObject> date = date(property, parameters);
        date.ifPresent(value ->
                card.add("anniversaries", CardObject.withText("kind", kind).object("date", value), parameters));
        return date.isPresent();
    }

    /** Empty for text such as "circa 1800" and for a time of day without a zone, which RFC 9553 §2.8.1 cannot say. */
    private static Optional<CardObject> date(DateOrTimeProperty property, Parameters parameters) {
        Temporal date = property.getDate();
        PartialDate partial = property.getPartialDate();
        if (date instanceof LocalDate day) {
            boolean yearOmitted = parameters
                    .take(OMITTED_YEAR)
                    .filter(String.valueOf(day.getYear())::equals)
                    .isPresent();
            return Optional.of(
                    partialDate(yearOmitted ? null : day.getYear(), day.getMonthValue(), day.getDayOfMonth()));
        }
        if (date != null) {
            return utc(date)
                    .map(time -> CardObject.withText("@type", "Timestamp").text("utc", time));
        }
        if (partial != null && partial.hasDateComponent() && !partial.hasTimeComponent()) {
            return Optional.of(partialDate(partial.getYear(), partial.getMonth(), partial.getDate()));
        }
        return Optional.empty();
    }

    private static CardObject partialDate(@Nullable Integer year, @Nullable Integer month, @Nullable Integer day) {
        return CardObject.withText("@type", "PartialDate")
                .number("year", year)
                .number("month", month)
                .number("day", day);
    }

    private static boolean addUpdated(Revision property, CardDraft card) {
        Optional<String> time = property.getValue() == null ? Optional.empty() : utc(property.getValue());
        if (time.isEmpty() || card.root().has("updated")) {
            return false;
        }
        card.root().text("updated", time.get());
        return true;
    }

    /** The same instant in UTC to the second (RFC 9553 §1.4.5); empty for a time without a zone. */
    private static Optional<String> utc(Temporal time) {
        Instant instant;
        if (time instanceof OffsetDateTime offset) {
            instant = offset.toInstant();
        } else if (time instanceof ZonedDateTime zoned) {
            instant = zoned.toInstant();
        } else if (time instanceof Instant exact) {
            instant = exact;
        } else {
            return Optional.empty();
        }
        return Optional.of(instant.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
