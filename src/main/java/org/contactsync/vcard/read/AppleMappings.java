package org.contactsync.vcard.read;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import ezvcard.property.RawProperty;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.contactsync.contact.CardProfile;
import org.contactsync.vcard.value.CardObject;

/** What Apple, Google and Evolution write in properties of their own and RFC 9553 has a place for. */
final class AppleMappings {
    private static final Pattern BUILT_IN = Pattern.compile("_\\$!<(.+)>!\\$_");
    private static final Pattern DATE = Pattern.compile("(?:([0-9]{4})-?|--)([0-9]{2})-?([0-9]{2})");
    private static final String OMITTED_YEAR = "x-apple-omit-year";

    /** The relations of RFC 6350 §6.6.6, by labels; finer ones stay readable in the parameter {@code x-ablabel}. */
    private static final Map<String, String> RELATIONS = Map.ofEntries(
            Map.entry("father", "parent"),
            Map.entry("mother", "parent"),
            Map.entry("parent", "parent"),
            Map.entry("brother", "sibling"),
            Map.entry("sister", "sibling"),
            Map.entry("child", "child"),
            Map.entry("son", "child"),
            Map.entry("daughter", "child"),
            Map.entry("spouse", "spouse"),
            Map.entry("husband", "spouse"),
            Map.entry("wife", "spouse"),
            Map.entry("friend", "friend"),
            Map.entry("relative", "kin"));

    private AppleMappings() {}

    static void addTo(MappingTable table) {
        table.add("X-ABDATE", AppleMappings::addLabelledDate)
                .add("X-ANNIVERSARY", AppleMappings::addWedding)
                .add("X-EVOLUTION-ANNIVERSARY", AppleMappings::addWedding)
                .add("X-ABRELATEDNAMES", AppleMappings::addRelatedName);
    }

    /** {@code _$!<HomePage>!$_} as {@code Home page}; what a person wrote stays as it is. */
    static String readable(String label) {
        Matcher builtIn = BUILT_IN.matcher(label);
        if (!builtIn.matches()) {
            return label;
        }
        String words = builtIn.group(1).replaceAll("(?<=[a-z]{2})(?=[A-Z][a-z])", " ");
        return words.contains(" ") ? words.charAt(0) + words.substring(1).toLowerCase(Locale.ROOT) : words;
    }

    /** Only the date of a wedding has a kind in RFC 9553 §2.8.1. */
    private static boolean addLabelledDate(RawProperty property, CardDraft card) {
        return card.label(property.getGroup())
                        .filter(label -> label.equalsIgnoreCase("anniversary"))
                        .isPresent()
                && addWedding(property, card);
    }

    private static boolean addWedding(RawProperty property, CardDraft card) {
        Matcher text = DATE.matcher(property.getValue() == null ? "" : property.getValue());
        if (!text.matches()) {
            return false;
        }
        Parameters parameters = new Parameters(property);
        int month = Integer.parseInt(text.group(2));
        int day = Integer.parseInt(text.group(3));
        CardObject date = CardObject.withText("@type", "PartialDate");
        if (text.group(1) != null) {
            boolean omitted =
                    parameters.take(OMITTED_YEAR).filter(text.group(1)::equals).isPresent();
            if (!omitted) {
                date.number("year", Integer.parseInt(text.group(1)));
            }
        }
        try {
            LocalDate.of(text.group(1) == null ? 2000 : Integer.parseInt(text.group(1)), month, day);
        } catch (DateTimeException noDay) {
            return false;
        }
        date.number("month", month).number("day", day);
        return card.add("anniversaries", CardObject.withText("kind", "wedding").object("date", date), parameters);
    }

    private static boolean addRelatedName(RawProperty property, CardDraft card) {
        String name = property.getValue() == null ? "" : VObjectPropertyValues.unescape(property.getValue());
        if (name.isEmpty()
                || CardProfile.keyFlaw(name).isPresent()
                || card.collection("relatedTo").has(name)) {
            return false;
        }
        Parameters parameters = new Parameters(property);
        Optional<String> label = card.label(property.getGroup());
        Optional<String> relation = label.map(text -> RELATIONS.get(text.toLowerCase(Locale.ROOT)));
        CardObject object = CardObject.withText("@type", "Relation")
                .set("relation", relation.map(List::of).orElse(List.of()));
        CardObject rest = parameters.toObject();
        label.filter(text -> !text.equalsIgnoreCase(relation.orElse("")))
                .ifPresent(text -> rest.text("x-ablabel", text));
        card.collection("relatedTo").object(name, object.object("vCardParams", rest));
        card.markLabelUsed(property.getGroup());
        return true;
    }
}
