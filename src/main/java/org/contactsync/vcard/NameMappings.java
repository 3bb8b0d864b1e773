package org.contactsync.vcard;

import ezvcard.property.FormattedName;
import ezvcard.property.Nickname;
import ezvcard.property.Organization;
import ezvcard.property.Role;
import ezvcard.property.TextProperty;
import ezvcard.property.Title;
import java.util.ArrayList;
import java.util.List;
import org.contactsync.contact.CardValue;

/** Names, nicknames, organizations and titles (RFC 9555 §2.5, §2.9). */
final class NameMappings {
    /** The kinds of the components of N, in its order (RFC 6350 §6.2.2, RFC 9554 §2.2, RFC 9555 §2.5.4). */
    static final List<String> KINDS =
            List.of("surname", "given", "given2", "title", "credential", "surname2", "generation");

    private NameMappings() {}

    static void addTo(MappingTable table) {
        table.add(FormattedName.class, NameMappings::fullName)
                .add(NameParts.class, NameMappings::components)
                .add(Nickname.class, NameMappings::nicknames)
                .add(Organization.class, NameMappings::organization)
                .add(Title.class, (title, card) -> title(title, "title", card))
                .add(Role.class, (role, card) -> title(role, "role", card));
    }

    private static boolean fullName(FormattedName property, CardDraft card) {
        if ("TRUE".equalsIgnoreCase(property.getParameter("DERIVED"))) {
            return true; // RFC 9554 §4.4: a program made it from what stands elsewhere in the vCard
        }
        CardObject name = card.collection("name");
        if (name.has("full")) {
            return false;
        }
        name.text("full", property.getValue());
        return new Parameters(property).toObject().isEmpty(); // with parameters it is kept besides
    }

    private static boolean components(NameParts property, CardDraft card) {
        CardObject name = card.collection("name");
        if (name.has("components") || property.components().size() > KINDS.size()) {
            return false;
        }
        List<CardValue> components = new ArrayList<>();
        for (int i = 0; i < property.components().size(); i++) {
            for (String value : property.components().get(i)) {
                CardObject component = CardObject.withText("value", value);
                if (!component.isEmpty()) {
                    components.add(component.text("kind", KINDS.get(i)).toMembers());
                }
            }
        }
        if (components.isEmpty()) {
            return new Parameters(property).toObject().isEmpty();
        }
        // the language that Outlook names, and what else: RFC 9555 §2.15.2
        name.list("components", components).object("vCardParams", new Parameters(property).toObject());
        return true;
    }

    private static boolean nicknames(Nickname property, CardDraft card) {
        boolean added = false;
        for (String value : property.getValues()) {
            added |= card.add("nicknames", CardObject.withText("name", value), new Parameters(property));
        }
        return added;
    }

    private static boolean organization(Organization property, CardDraft card) {
        CardObject organization = new CardObject();
        List<CardValue> units = new ArrayList<>();
        List<String> values = property.getValues();
        for (int i = 0; i < values.size(); i++) {
            if (i == 0) {
                organization.text("name", values.get(0));
            } else {
                CardObject unit = CardObject.withText("name", values.get(i));
                if (!unit.isEmpty()) {
                    units.add(unit.toMembers());
                }
            }
        }
        return card.add("organizations", organization.list("units", units), new Parameters(property));
    }

    private static boolean title(TextProperty property, String kind, CardDraft card) {
        CardObject title = CardObject.withText("name", property.getValue());
        return !title.isEmpty() && card.add("titles", title.text("kind", kind), new Parameters(property));
    }
}
