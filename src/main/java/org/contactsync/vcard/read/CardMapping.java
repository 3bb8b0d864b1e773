package org.contactsync.vcard.read;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import ezvcard.VCard;
import ezvcard.property.HasAltId;
import ezvcard.property.RawProperty;
import ezvcard.property.Uid;
import ezvcard.property.VCardProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.contact.Card;

/** Turns one vCard into one card: each property into its place, or else into {@code vCardProps} (RFC 9555). */
public final class CardMapping {
    private static final String LABEL = "X-ABLABEL";

    /** Each copies what it changes: a vCard of JSON alone must not take time out of proportion. */
    private static final int MOST_JSON = 1_000;

    private final MappingTable table = table();

    /** All mappings but those of {@link NameDetails}. */
    public static MappingTable table() {
        MappingTable table = new MappingTable();
        NameMappings.addTo(table);
        ReachMappings.addTo(table);
        LifeMappings.addTo(table);
        OtherMappings.addTo(table);
        AppleMappings.addTo(table);
        return table;
    }

    /** The card, without its uid, which stands beside it; its size is not limited here. */
    public Card card(VCard vcard) {
        CardDraft draft = new CardDraft(labels(vcard));
        Set<String> alternatives = new HashSet<>();
        List<RawProperty> labels = new ArrayList<>();
        List<VCardProperty> details = new ArrayList<>();
        List<KeptJson> json = new ArrayList<>();
        for (VCardProperty property : vcard.getProperties()) {
            if (property instanceof RawProperty raw && isLabel(raw)) {
                labels.add(raw);
            } else if (property instanceof RawProperty raw && KeptJson.isOne(raw)) {
                Optional<KeptJson> kept = json.size() < MOST_JSON ? KeptJson.of(raw) : Optional.empty();
                kept.ifPresentOrElse(json::add, () -> draft.keep(raw));
            } else if (NameDetails.isDetail(property)) {
                details.add(property);
            } else if (property instanceof Uid uid) {
                keepUnlessUsable(uid, draft);
            } else if (isOtherLanguage(property, alternatives) || !table.map(property, draft)) {
                draft.keep(property);
            }
        }
        NameDetails.place(details, vcard, draft);
        // Labels last: one that found its place beside a phone or an address is not kept a second time.
        labels.stream().filter(raw -> !draft.isLabelled(group(raw))).forEach(draft::keep);
        return KeptJson.put(json, draft.toCard());
    }

    private static void keepUnlessUsable(Uid uid, CardDraft draft) {
        if (!ContactUids.isUsable(uid.getValue())) {
            draft.keep(uid);
        }
    }

    /** Of several properties with one ALTID the first is mapped; the others say the same in another language or script. */
    private static boolean isOtherLanguage(VCardProperty property, Set<String> seen) {
        return property instanceof HasAltId alternative
                && alternative.getAltId() != null
                && !seen.add(property.getClass().getName() + ' ' + alternative.getAltId());
    }

    private static Map<String, String> labels(VCard vcard) {
        Map<String, String> labels = new HashMap<>();
        for (RawProperty raw : vcard.getExtendedProperties()) {
            if (isLabel(raw)) {
                labels.put(group(raw), AppleMappings.readable(VObjectPropertyValues.unescape(raw.getValue())));
            }
        }
        return labels;
    }

    private static boolean isLabel(RawProperty raw) {
        return raw.getPropertyName().equalsIgnoreCase(LABEL) && raw.getGroup() != null && raw.getValue() != null;
    }

    private static String group(RawProperty raw) {
        return raw.getGroup().toLowerCase(Locale.ROOT);
    }
}
