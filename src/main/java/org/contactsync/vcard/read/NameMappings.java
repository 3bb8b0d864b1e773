package org.contactsync.vcard.read;

import ezvcard.property.FormattedName;
import ezvcard.property.Nickname;
import ezvcard.property.Organization;
import ezvcard.property.Role;
import ezvcard.property.TextProperty;
import ezvcard.property.Title;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.CardValue;
import org.contactsync.vcard.value.CardObject;
import org.contactsync.vcard.value.NameParts;
import org.contactsync.vcard.value.SortKeys;

/** Names, nicknames, organizations and titles (RFC 9555 §2.5, §2.9). */
public final class NameMappings {
    /** The kinds of the components of N, in its order (RFC 6350 §6.2.2, RFC 9554 §2.2, RFC 9555 §2.5.4). */
    public static final List<String> KINDS =
            List.of("surname", "given", "given2", "title", "credential", "surname2", "generation");

    private NameMappings() {}

    static void addTo(MappingTable table) {
        table.add(FormattedName.class, NameMappings::addFullName)
                .add(NameParts.class, NameMappings::addComponents)
                .add(Nickname.class, NameMappings::addNicknames)
                .add(Organization.class, NameMappings::addOrganization)
                .add(Title.class, (title, card) -> addTitle(title, "title", card))
                .add(Role.class, (role, card) -> addTitle(role, "role", card));
    }

    private static boolean addFullName(FormattedName property, CardDraft card) {
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

    private static boolean addComponents(NameParts property, CardDraft card) {
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
        Parameters parameters = new Parameters(property);
        Optional<CardObject> sortAs = sortAs(property);
        sortAs.ifPresent(keys -> {
            name.object("sortAs", keys);
            parameters.take("sort-as");
        });
        // the language that Outlook names, and what else: RFC 9555 §2.15.2
        name.list("components", components).object("vCardParams", parameters.toObject());
        return true;
    }

    /** Empty when a text is there for a component that is not (RFC 9553 §2.2.1). */
    private static Optional<CardObject> sortAs(NameParts property) {
        List<String> keys = SortKeys.of(property);
        CardObject sortAs = new CardObject();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).isEmpty()) {
                continue;
            }
            if (i >= property.components().size()
                    || property.components().get(i).stream().allMatch(String::isEmpty)) {
                return Optional.empty();
            }
            sortAs.text(KINDS.get(i), keys.get(i));
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(sortAs);
    }

    private static boolean addNicknames(Nickname property, CardDraft card) {
        boolean added = false;
        for (String value : property.getValues()) {
            added |= card.add("nicknames", CardObject.withText("name", value), new Parameters(property));
        }
        return added;
    }

    private static boolean addOrganization(Organization property, CardDraft card) {
        CardObject organization = new CardObject();
        List<CardValue> units = new ArrayList<>();
        List<String> values = property.getValues();
        List<String> keys = SortKeys.of(property);
        Parameters parameters = new Parameters(property);
        boolean sorted = belongToValues(keys, values);
        if (sorted) {
            parameters.take("sort-as");
        }
        for (int i = 0; i < values.size(); i++) {
            CardObject part = i == 0 ? organization : new CardObject();
            part.text("name", values.get(i));
            if (sorted && i < keys.size()) {
                part.text("sortAs", keys.get(i));
            }
            if (i > 0 && !part.isEmpty()) {
                units.add(part.toMembers());
            }
        }
        return card.add("organizations", organization.list("units", units), parameters);
    }

    private static boolean belongToValues(List<String> keys, List<String> values) {
        for (int i = 0; i < keys.size(); i++) {
            if (!keys.get(i).isEmpty() && (i >= values.size() || values.get(i).isEmpty())) {
                return false;
            }
        }
        return !keys.isEmpty();
    }

    private static boolean addTitle(TextProperty property, String kind, CardDraft card) {
        CardObject title = CardObject.withText("name", property.getValue());
        return !title.isEmpty() && card.add("titles", title.text("kind", kind), new Parameters(property));
    }
}
