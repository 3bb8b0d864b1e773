package org.contactsync.vcard.write;

import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import ezvcard.VCard;
import ezvcard.VCardVersion;
import ezvcard.property.RawProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.contactsync.checkcode.CanonicalJson;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.value.OpenObject;
import org.contactsync.vcard.value.PropertyText;

/**
 * Writes one card as one vCard 4.0 (RFC 6350) or 3.0 (RFC 2426) by the mapping of RFC 9555. Nothing is left out: what no property can express
 * is written as JSON in a {@code JSPROP} that names its place in the card (RFC 9555 §3.2.1). For one thread.
 */
public final class VcardWriter {
    private static final Members NOTHING = new Members(new TreeMap<>());

    private static final String END = "END:VCARD";

    private final VCard vcard = new VCard(VCardVersion.V4_0);
    private final OpenObject card;

    /** Members of the card that are written as JSON, whatever the properties say. */
    private final Set<String> asJson;

    private int groups;

    private VcardWriter(Card card, Set<String> asJson) {
        this.card = new OpenObject(card.root());
        this.asJson = asJson;
    }

    /** A vCard 4.0 with its lines folded and ended by CR LF. */
    public static String write(Uid uid, Card card) {
        return write(uid, card, Version.V4_0);
    }

    /**
     * The vCard with its lines folded and ended by CR LF. It is read again before it is returned: members of the card that would come back
     * differently are written as JSON as well.
     */
    public static String write(Uid uid, Card card, Version version) {
        String text = mapped(uid, card, version, Set.of());
        Members again = readAgain(text);
        if (again.equals(card.root())) {
            return text;
        }
        Set<String> different = new TreeSet<>(again.values().keySet());
        different.addAll(card.root().values().keySet());
        different.removeIf(name ->
                Objects.equals(again.values().get(name), card.root().values().get(name)));
        String exact = mapped(uid, card, version, different);
        return readAgain(exact).equals(card.root()) ? exact : bare(uid, card, version);
    }

    /**
     * A vCard 4.0 with pictures and sounds besides that are too large for a contact ({@link org.contactsync.vcard.VcardReading#media}): read
     * again, the card is as it is given.
     */
    public static String write(Uid uid, Card card, CardValue media) {
        VcardWriter writer = new VcardWriter(new Card(new Members(new TreeMap<>(Map.of("media", media)))), Set.of());
        EntryProperties.write(writer);
        String properties = Version.V4_0.text(writer.vcard);
        int begin = properties.indexOf("\r\n", properties.indexOf("VERSION:")) + 2;
        String lines = properties.substring(begin, properties.lastIndexOf(END));
        String text = write(uid, card);
        int end = text.lastIndexOf(END);
        return text.substring(0, end) + lines + text.substring(end);
    }

    private static String mapped(Uid uid, Card card, Version version, Set<String> asJson) {
        VcardWriter writer = new VcardWriter(card, asJson);
        writer.addProperty("UID", PropertyText.escaped(uid.value()));
        writer.card.drop("@type", "Card");
        writer.card.drop("version", "1.0");
        NameProperties.write(writer);
        EntryProperties.write(writer);
        RestOfCard.write(writer);
        asJson.forEach(name -> {
            CardValue value = card.root().values().get(name);
            writer.add(PropertyText.pointer(name), value == null ? "null" : CanonicalJson.write(value));
        });
        return version.text(writer.vcard);
    }

    /** The card as JSON alone. */
    private static String bare(Uid uid, Card card, Version version) {
        VcardWriter writer = new VcardWriter(new Card(NOTHING), Set.of());
        writer.addProperty("UID", PropertyText.escaped(uid.value()));
        NameProperties.write(writer);
        writer.add("", CanonicalJson.write(card.root()));
        return version.text(writer.vcard);
    }

    private static Members readAgain(String text) {
        try {
            List<FoundContact> read =
                    VcardReader.read(text.getBytes(StandardCharsets.UTF_8)).contacts();
            return read.size() == 1 ? CardJson.parsed(read.get(0).card()).root() : NOTHING;
        } catch (UnreadableBook e) {
            return NOTHING;
        }
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
        int end = pointer.indexOf('/');
        if (!asJson.contains(PropertyText.unescapedPointer(end < 0 ? pointer : pointer.substring(0, end)))) {
            add(pointer, CanonicalJson.write(value));
        }
    }

    private void add(String pointer, String json) {
        addProperty("JSPROP", VObjectPropertyValues.escape(json)).setParameter("JSPTR", pointer);
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
}
