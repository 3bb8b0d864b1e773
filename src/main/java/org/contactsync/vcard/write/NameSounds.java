package org.contactsync.vcard.write;

import ezvcard.property.RawProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.read.NameDetails;
import org.contactsync.vcard.read.NameGrid;
import org.contactsync.vcard.read.NameMappings;
import org.contactsync.vcard.value.CardObject;
import org.contactsync.vcard.value.OpenObject;
import org.contactsync.vcard.value.PropertyText;
import org.jspecify.annotations.Nullable;

/** How the components of N sound: the properties that phones read, or N once more with PHONETIC (RFC 9554 §4.6). */
final class NameSounds {
    private static final String ALTID = "ALTID";
    private static final String COMPONENTS = "name/components/";
    private static final String SOUND = "/phonetic";
    private static final String SYSTEM = "phoneticSystem";
    private static final String SCRIPT = "phoneticScript";

    private final VcardWriter out;
    private final NameGrid grid;
    private final RawProperty written;

    /** @param written N, which has all components of the grid */
    NameSounds(VcardWriter out, NameGrid grid, RawProperty written) {
        this.out = out;
        this.grid = grid;
        this.written = written;
    }

    /** Whether what the card says of its sounds can be said in a vCard. */
    static boolean areWritable(Map<String, CardValue> name) {
        return (name.containsKey(SYSTEM) || name.containsKey(SCRIPT))
                && isTokenOrAbsent(name.get(SYSTEM))
                && isTokenOrAbsent(name.get(SCRIPT));
    }

    /** Takes system and script out of the name. */
    void write(OpenObject name) {
        Optional<String> system = name.text(SYSTEM);
        Optional<String> script = name.text(SCRIPT);
        List<List<String>> parts = grid.parts(grid.sounds());
        boolean asPhonesDo =
                system.isEmpty() && script.equals(Optional.of(NameDetails.UNDETERMINED)) && hasPropertyForEach(parts);
        if (asPhonesDo) {
            new TreeMap<>(NameDetails.PHONETIC_PROPERTIES)
                    .forEach((property, kind) -> parts.get(NameMappings.KINDS.indexOf(kind)).stream()
                            .filter(text -> !text.isEmpty())
                            .forEach(text -> out.addProperty(property, PropertyText.escaped(text))));
        } else {
            addAlternative(parts, system, script);
        }
    }

    /** Takes out of the card those localizations that say nothing else than how the name sounds. */
    void writeLocalizations() {
        Optional<Members> localizations = out.takeCollection("localizations");
        if (localizations.isEmpty()) {
            return;
        }
        OpenObject left = new OpenObject(localizations.get());
        localizations.get().values().forEach((language, patch) -> {
            if (PropertyText.isToken(language)
                    && patch instanceof Members members
                    && writeIfPossible(language, members)) {
                left.left().remove(language);
            }
        });
        if (!left.left().isEmpty()) {
            out.card().left().put("localizations", new Members(new TreeMap<>(left.left())));
        }
    }

    private boolean writeIfPossible(String language, Members patch) {
        OpenObject rest = new OpenObject(patch);
        List<String> sounds =
                new ArrayList<>(Collections.nCopies(grid.components().size(), ""));
        for (int i = 0; i < sounds.size(); i++) {
            sounds.set(i, rest.text(COMPONENTS + i + SOUND).orElse(""));
        }
        CardObject said = new CardObject();
        Optional<String> system = rest.text("name/" + SYSTEM);
        Optional<String> script = rest.text("name/" + SCRIPT);
        system.ifPresent(text -> said.put(SYSTEM, new Text(text)));
        script.ifPresent(text -> said.put(SCRIPT, new Text(text)));
        if (!rest.left().isEmpty()
                || !areWritable(said.toMembers().values())
                || sounds.stream().allMatch(""::equals)) {
            return false;
        }
        addAlternative(grid.parts(sounds), system, script).setParameter("LANGUAGE", language);
        return true;
    }

    private RawProperty addAlternative(List<List<String>> parts, Optional<String> system, Optional<String> script) {
        if (written.getParameter(ALTID) == null) {
            written.setParameter(ALTID, "1");
        }
        RawProperty property = out.addProperty("N", PropertyText.structured(parts));
        property.setParameter(ALTID, written.getParameter(ALTID));
        property.setParameter("PHONETIC", system.orElse("script"));
        script.ifPresent(text -> property.setParameter("SCRIPT", text));
        return property;
    }

    private static boolean hasPropertyForEach(List<List<String>> parts) {
        for (int kind = 0; kind < parts.size(); kind++) {
            boolean silent = parts.get(kind).stream().allMatch(String::isEmpty);
            if (!silent
                    && (parts.get(kind).size() > 1
                            || !NameDetails.PHONETIC_PROPERTIES.containsValue(NameMappings.KINDS.get(kind)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTokenOrAbsent(@Nullable CardValue value) {
        return value == null || (value instanceof Text text && PropertyText.isToken(text.value()));
    }
}
