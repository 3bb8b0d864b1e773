package org.contactsync.vcard.read;

import ezvcard.VCard;
import ezvcard.VCardDataType;
import ezvcard.VCardVersion;
import ezvcard.io.EmbeddedVCardException;
import ezvcard.io.SkipMeException;
import ezvcard.io.json.JsonValue;
import ezvcard.io.scribe.ScribeIndex;
import ezvcard.io.scribe.VCardPropertyScribe;
import ezvcard.property.Agent;
import ezvcard.property.RawProperty;
import ezvcard.property.VCardProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.CardObject;
import org.contactsync.vcard.value.NameParts;
import org.contactsync.vcard.value.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * A vCard property as jCard writes it (RFC 7095 §3.3): {@code [name, parameters, type, value, …]}. Numbers are written as
 * texts, because the card profile has no fractions.
 */
final class KeptProperty {
    private static final ScribeIndex SCRIBES = new ScribeIndex();

    private KeptProperty() {}

    static Items of(VCardProperty property) {
        List<CardValue> parts = new ArrayList<>();
        if (property instanceof RawProperty raw) {
            VCardDataType type = raw.getDataType();
            addHead(parts, raw.getPropertyName(), property, type == null ? "unknown" : type.getName());
            parts.add(text(raw.getValue()));
        } else if (property instanceof NameParts name) {
            addHead(parts, "n", property, "text");
            List<CardValue> components = new ArrayList<>();
            name.components().forEach(values -> components.add(texts(values)));
            parts.add(new Items(components));
        } else if (property instanceof Agent agent && agent.getVCard() != null) {
            addHead(parts, "agent", property, "text");
            parts.add(text(written(agent.getVCard())));
        } else {
            addKnown(parts, property);
        }
        return new Items(parts);
    }

    @SuppressWarnings("unchecked") // the index answers the scribe of the property's own class
    private static void addKnown(List<CardValue> parts, VCardProperty property) {
        VCardPropertyScribe<VCardProperty> scribe =
                (VCardPropertyScribe<VCardProperty>) SCRIBES.getPropertyScribe(property);
        VCardDataType type = scribe.dataType(property, VCardVersion.V4_0);
        addHead(parts, scribe.getPropertyName(), property, type == null ? "unknown" : type.getName());
        try {
            scribe.writeJson(property).getValues().forEach(value -> parts.add(value(value)));
        } catch (SkipMeException | EmbeddedVCardException e) {
            parts.add(new Text("")); // the property stood in the file without a value
        }
    }

    private static void addHead(List<CardValue> parts, String name, VCardProperty property, String type) {
        parts.add(text(name.toLowerCase(Locale.ROOT)));
        parts.add(new Parameters(property).toObject().toMembers());
        parts.add(text(type));
    }

    private static CardValue value(JsonValue json) {
        List<JsonValue> array = json.getArray();
        Map<String, JsonValue> object = json.getObject();
        if (array != null) {
            List<CardValue> items = new ArrayList<>();
            array.forEach(item -> items.add(value(item)));
            return new Items(items);
        }
        if (object != null) {
            CardObject members = new CardObject();
            object.forEach((name, item) -> members.put(Parameters.asciiName(name), value(item)));
            return members.toMembers();
        }
        return json.getValue() instanceof Boolean flag ? new Bool(flag) : text(json.getValue());
    }

    private static Items texts(List<String> values) {
        List<CardValue> items = new ArrayList<>();
        values.forEach(value -> items.add(text(value)));
        return new Items(items);
    }

    private static Text text(@Nullable Object value) {
        return new Text(value == null ? "" : PlainText.of(value.toString()));
    }

    private static String written(VCard vcard) {
        return ezvcard.Ezvcard.write(vcard)
                .version(VCardVersion.V3_0)
                .prodId(false)
                .versionStrict(false)
                .register(new NameParts.Scribe())
                .go();
    }
}
