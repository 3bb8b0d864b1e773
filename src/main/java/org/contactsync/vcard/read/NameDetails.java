package org.contactsync.vcard.read;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import ezvcard.VCard;
import ezvcard.VCardDataType;
import ezvcard.io.CannotParseException;
import ezvcard.io.ParseContext;
import ezvcard.io.scribe.SoundScribe;
import ezvcard.parameter.VCardParameters;
import ezvcard.property.RawProperty;
import ezvcard.property.SortString;
import ezvcard.property.Sound;
import ezvcard.property.VCardProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.CardObject;
import org.contactsync.vcard.value.NameParts;
import org.contactsync.vcard.value.PropertyText;

/**
 * What other properties say about the components of N: how they sound (RFC 9554 §4.6, what phones write) and how they sort
 * (RFC 2426 §3.6.5). They may stand in front of N, so they are placed when all else is. For one thread.
 */
public final class NameDetails {
    /** ISO 15924's code for a script that is not determined: phones do not say in which script a name's sound is written. */
    public static final String UNDETERMINED = "Zyyy";

    /** What Apple, Android and Google write, each for one component. */
    public static final Map<String, String> PHONETIC_PROPERTIES = Map.of(
            "X-PHONETIC-LAST-NAME", "surname",
            "X-PHONETIC-FIRST-NAME", "given",
            "X-PHONETIC-MIDDLE-NAME", "given2");

    /** What Japanese phones write: N in kana, as a value of SOUND. */
    private static final String IRMC_NAME = "X-IRMC-N";

    private static final String NO_SOUND = "a name, to be kept as text";

    private final CardDraft card;
    private final CardObject name;
    private final Optional<String> altid;
    private boolean isGroupNeeded;

    private NameDetails(VCard vcard, CardDraft card) {
        this.card = card;
        this.name = card.collection("name");
        this.altid = ofName("altid");
        this.isGroupNeeded = vcard.getProperties(NameParts.class).stream()
                        .filter(parts -> !isDetail(parts))
                        .count()
                > 1;
    }

    static boolean isDetail(VCardProperty property) {
        return property instanceof SortString
                || (property instanceof NameParts && property.getParameter("PHONETIC") != null)
                || (property instanceof RawProperty raw
                        && (PHONETIC_PROPERTIES.containsKey(
                                        raw.getPropertyName().toUpperCase(Locale.ROOT))
                                || isSpokenName(raw.getPropertyName(), raw.getParameters())));
    }

    private static boolean isSpokenName(String property, VCardParameters parameters) {
        return property.equalsIgnoreCase("SOUND")
                && parameters.getTypes().stream().anyMatch(IRMC_NAME::equalsIgnoreCase);
    }

    /** Puts each of the details into the name; one that has no place there is kept as it was. */
    static void place(List<VCardProperty> details, VCard vcard, CardDraft card) {
        NameDetails names = new NameDetails(vcard, card);
        for (VCardProperty detail : details) {
            if (!names.placeOne(detail)) {
                card.keep(detail);
                names.isGroupNeeded |= detail instanceof NameParts;
            }
        }
        if (details.stream().anyMatch(NameParts.class::isInstance) && !names.isGroupNeeded) {
            names.forgetAltid();
        }
    }

    private boolean placeOne(VCardProperty detail) {
        Parameters parameters = new Parameters(detail);
        if (detail instanceof NameParts parts) {
            return addAlternative(parts, parameters);
        }
        parameters.dropTypes(Set.of(IRMC_NAME.toLowerCase(Locale.ROOT)));
        if (!parameters.toObject().isEmpty()) {
            return false;
        }
        if (detail instanceof SortString sort) {
            return addSortString(sort);
        }
        RawProperty raw = (RawProperty) detail;
        String text = raw.getValue() == null ? "" : raw.getValue();
        if (isSpokenName(raw.getPropertyName(), raw.getParameters())) {
            List<List<String>> spoken = VObjectPropertyValues.parseSemiStructured(text).stream()
                    .map(List::of)
                    .toList();
            return addSounds(spoken, Optional.empty(), Optional.of(UNDETERMINED));
        }
        String value = VObjectPropertyValues.unescape(text);
        String kind = PHONETIC_PROPERTIES.getOrDefault(raw.getPropertyName().toUpperCase(Locale.ROOT), "");
        List<List<String>> parts = new ArrayList<>();
        NameMappings.KINDS.forEach(each -> parts.add(each.equals(kind) ? List.of(value) : List.of()));
        return addSounds(parts, Optional.empty(), Optional.of(UNDETERMINED));
    }

    /** N once more, with how its components sound; in another language than N it is a localization (RFC 9553 §2.7.1). */
    private boolean addAlternative(NameParts property, Parameters parameters) {
        String system = parameters.take("phonetic").orElse("").toLowerCase(Locale.ROOT);
        boolean named = !system.isEmpty() && !system.equals("script");
        Optional<String> script = parameters.take("script");
        Optional<String> group = parameters.take("altid");
        Optional<String> language = parameters.take("language");
        if (!parameters.toObject().isEmpty() || (group.isPresent() && !group.equals(altid))) {
            return false;
        }
        Optional<String> systemSaid = named ? Optional.of(system) : Optional.empty();
        Optional<String> scriptSaid = named ? script : Optional.of(script.orElse(UNDETERMINED));
        return language.isPresent() && !language.equals(ofName("language"))
                ? addLocalization(language.get(), property.components(), systemSaid, scriptSaid)
                : addSounds(property.components(), systemSaid, scriptSaid);
    }

    private boolean addSounds(List<List<String>> parts, Optional<String> system, Optional<String> script) {
        Optional<NameGrid> grid = NameGrid.of(name.get("components"));
        Optional<List<String>> sounds = grid.flatMap(known -> known.byComponent(parts));
        if (isEmpty(parts) || sounds.isEmpty()) {
            return isEmpty(parts);
        }
        List<String> before = grid.get().sounds();
        boolean first = before.stream().allMatch(String::isEmpty);
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).isEmpty() && !sounds.get().get(i).isEmpty()) {
                return false;
            }
        }
        if (!first
                && !(said("phoneticSystem").equals(system)
                        && said("phoneticScript").equals(script))) {
            return false;
        }
        name.list("components", grid.get().withSounds(sounds.get()));
        system.ifPresent(text -> name.text("phoneticSystem", text));
        script.ifPresent(text -> name.text("phoneticScript", text));
        return true;
    }

    private boolean addLocalization(
            String language, List<List<String>> parts, Optional<String> system, Optional<String> script) {
        Optional<List<String>> sounds = NameGrid.of(name.get("components")).flatMap(known -> known.byComponent(parts));
        CardObject localizations = card.collection("localizations");
        if (isEmpty(parts) || sounds.isEmpty() || !PropertyText.isToken(language) || localizations.has(language)) {
            return false;
        }
        CardObject patch = new CardObject();
        system.ifPresent(text -> patch.text("name/phoneticSystem", text));
        script.ifPresent(text -> patch.text("name/phoneticScript", text));
        for (int i = 0; i < sounds.get().size(); i++) {
            patch.text("name/components/" + i + "/phonetic", sounds.get().get(i));
        }
        localizations.object(language, patch);
        return true;
    }

    /** vCard 3.0 has one text by which the whole name sorts; what sorts first in a name is the surname. */
    private boolean addSortString(SortString property) {
        String value = property.getValue() == null ? "" : property.getValue();
        boolean hasSurname =
                NameGrid.of(name.get("components")).filter(grid -> grid.has(0)).isPresent();
        if (value.isEmpty() || !hasSurname || name.has("sortAs")) {
            return value.isEmpty();
        }
        name.object("sortAs", CardObject.withText("surname", value));
        return true;
    }

    /** N and how it sounds stand in one place of the card; what held them together has done its work. */
    private void forgetAltid() {
        CardObject others = new CardObject();
        if (name.get("vCardParams") instanceof Members members) {
            members.values().forEach((key, value) -> {
                if (!key.equals("altid")) {
                    others.put(key, value);
                }
            });
            name.remove("vCardParams").object("vCardParams", others);
        }
    }

    /** A parameter of N. */
    private Optional<String> ofName(String parameter) {
        return name.get("vCardParams") instanceof Members members
                        && members.values().get(parameter) instanceof Text text
                ? Optional.of(text.value())
                : Optional.empty();
    }

    private Optional<String> said(String member) {
        return name.get(member) instanceof Text text ? Optional.of(text.value()) : Optional.empty();
    }

    /** ez-vcard would take the kana for Base64, and nothing would be left of them. */
    public static final class SoundReader extends SoundScribe {
        @Override
        protected Sound _parseText(String value, VCardDataType type, VCardParameters parameters, ParseContext context) {
            if (isSpokenName("SOUND", parameters)) {
                throw new CannotParseException(NO_SOUND);
            }
            return super._parseText(value, type, parameters, context);
        }
    }

    private static boolean isEmpty(List<List<String>> parts) {
        return parts.stream().allMatch(values -> values.stream().allMatch(String::isEmpty));
    }
}
