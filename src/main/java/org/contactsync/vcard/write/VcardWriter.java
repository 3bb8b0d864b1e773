package org.contactsync.vcard.write;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.io.text.VCardWriter;
import ezvcard.property.RawProperty;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalJson;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.value.OpenObject;
import org.contactsync.vcard.value.PropertyText;

/**
 * Writes one card as one vCard 4.0 (RFC 6350) by the mapping of RFC 9555. Nothing is left out: what no property can express is
 * written as JSON in a {@code JSPROP} that names its place in the card (RFC 9555 §3.2.1). For one thread.
 */
public final class VcardWriter {
    private final VCard vcard = new VCard(VCardVersion.V4_0);
    private final OpenObject card;
    private int groups;

    private VcardWriter(Card card) {
        this.card = new OpenObject(card.root());
    }

    /** The vCard with its lines folded and ended by CR LF. */
    public static String write(Uid uid, Card card) {
        VcardWriter writer = new VcardWriter(card);
        writer.addProperty("UID", PropertyText.escaped(uid.value()));
        writer.card.drop("@type", "Card");
        writer.card.drop("version", "1.0");
        NameProperties.write(writer);
        EntryProperties.write(writer);
        RestOfCard.write(writer);
        return writer.text();
    }

    OpenObject card() {
        return card;
    }

    /** @param value as it stands after the colon, with its escapes */
    RawProperty addProperty(String name, String value) {
        return vcard.addExtendedProperty(name, value);
    }

    boolean has(String name) {
        return vcard.getExtendedProperties().stream()
                .anyMatch(property -> property.getPropertyName().equalsIgnoreCase(name));
    }

    /** Puts a text beside a property, as Apple does it and most programs read it. */
    void addLabel(RawProperty property, String label) {
        if (property.getGroup() == null) {
            property.setGroup("item" + ++groups);
        }
        addProperty("X-ABLabel", PropertyText.escaped(label)).setGroup(property.getGroup());
    }

    /** @param pointer to the value in the card, without a slash at its beginning */
    void keep(String pointer, CardValue value) {
        RawProperty kept = addProperty("JSPROP", VObjectPropertyValues.escape(CanonicalJson.write(value)));
        kept.setParameter("JSPTR", pointer);
    }

    /** Keeps what is left of an entry, member by member. */
    void keepRest(String pointer, OpenObject entry) {
        entry.left().forEach((name, value) -> keep(pointer + "/" + PropertyText.pointer(name), value));
    }

    /** The collection of this name, taken out of the card; empty when it is none. */
    Optional<Members> takeCollection(String name) {
        Optional<Members> members = card.look(name);
        members.ifPresent(found -> card.left().remove(name));
        return members;
    }

    /** Whether a reader that numbers entries as they come gives them these ids. */
    static boolean areNumbered(List<String> ids) {
        for (int i = 0; i < ids.size(); i++) {
            if (!ids.get(i).equals("k" + (i + 1))) {
                return false;
            }
        }
        return true;
    }

    private String text() {
        StringWriter text = new StringWriter();
        try (VCardWriter out = new VCardWriter(text, VCardVersion.V4_0)) {
            out.setAddProdId(false);
            out.setCaretEncodingEnabled(true); // RFC 6868: quotes and line breaks in parameters
            out.write(vcard);
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory is written without I/O", e);
        }
        return text.toString();
    }
}
