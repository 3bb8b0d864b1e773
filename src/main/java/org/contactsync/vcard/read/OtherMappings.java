package org.contactsync.vcard.read;

import ezvcard.property.BinaryProperty;
import ezvcard.property.Categories;
import ezvcard.property.Expertise;
import ezvcard.property.Hobby;
import ezvcard.property.Interest;
import ezvcard.property.Key;
import ezvcard.property.Kind;
import ezvcard.property.Logo;
import ezvcard.property.Member;
import ezvcard.property.Note;
import ezvcard.property.Photo;
import ezvcard.property.ProductId;
import ezvcard.property.Related;
import ezvcard.property.Sound;
import ezvcard.property.TextProperty;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Text;
import org.contactsync.vcard.value.CardObject;

/**
 * Notes, keywords, pictures, keys, relations and everything else that a card has a place for (RFC 9555 §2.4, §2.10 to 2.13).
 */
final class OtherMappings {
    private static final String ANY_BYTES = "application/octet-stream";

    private OtherMappings() {}

    static void addTo(MappingTable table) {
        table.add(
                        Note.class,
                        (note, card) ->
                                card.add("notes", CardObject.withText("note", note.getValue()), new Parameters(note)))
                .add(Categories.class, OtherMappings::addKeywords)
                .add(Photo.class, (photo, card) -> addBinary("media", photo, "photo", "image", card))
                .add(Logo.class, (logo, card) -> addBinary("media", logo, "logo", "image", card))
                .add(Sound.class, (sound, card) -> addBinary("media", sound, "sound", "audio", card))
                .add(Key.class, OtherMappings::addKey)
                .add(Related.class, OtherMappings::addRelation)
                .add(Member.class, OtherMappings::addMember)
                .add(Expertise.class, (value, card) -> addPersonal(value, "expertise", card))
                .add(Hobby.class, (value, card) -> addPersonal(value, "hobby", card))
                .add(Interest.class, (value, card) -> addPersonal(value, "interest", card))
                .add(Kind.class, (kind, card) -> addSingle("kind", lower(kind), kind, card))
                .add(ProductId.class, (id, card) -> addSingle("prodId", id.getValue(), id, card));
    }

    private static String lower(Kind kind) {
        return kind.getValue() == null ? "" : kind.getValue().toLowerCase(Locale.ROOT);
    }

    private static boolean addSingle(String key, String value, TextProperty property, CardDraft card) {
        boolean plain = new Parameters(property).toObject().isEmpty();
        if (value == null || card.root().has(key) || !plain) {
            return false;
        }
        card.root().text(key, value);
        return true;
    }

    /** Keywords are member names, which are ASCII in the profile: a list with others is kept as it was, whole. */
    private static boolean addKeywords(Categories property, CardDraft card) {
        List<String> words = property.getValues();
        boolean fits =
                new Parameters(property).toObject().isEmpty() && words.stream().allMatch(OtherMappings::isMemberName);
        if (fits) {
            words.forEach(word -> card.collection("keywords").put(word, new Bool(true)));
        }
        return fits;
    }

    private static boolean addBinary(
            String key, BinaryProperty<?> property, String kind, String family, CardDraft card) {
        CardObject resource = new CardObject();
        Parameters parameters = new Parameters(property);
        byte[] data = property.getData();
        if (data != null) {
            String type = property.getContentType() == null
                    ? null
                    : property.getContentType().getMediaType();
            String stated =
                    parameters.takeMediaType().map(t -> family + "/" + t).orElse(ANY_BYTES);
            resource.text(
                    "uri",
                    "data:" + MediaTypes.sniffed(data).orElse(type == null ? stated : type) + ";base64,"
                            + Base64.getEncoder().encodeToString(data));
        } else {
            resource.text("uri", property.getUrl());
            parameters.take("mediatype").ifPresent(type -> resource.text("mediaType", type));
        }
        return resource.has("uri") && card.add(key, resource.text("kind", kind), parameters);
    }

    private static boolean addKey(Key property, CardDraft card) {
        return property.getText() == null && addBinary("cryptoKeys", property, "", "application", card);
    }

    private static boolean addRelation(Related property, CardDraft card) {
        String other = property.getUri() == null ? property.getText() : property.getUri();
        if (other == null
                || !isMemberName(other)
                || card.collection("relatedTo").has(other)) {
            return false;
        }
        Parameters parameters = new Parameters(property);
        Map<String, String> relations = new HashMap<>();
        property.getTypes().forEach(type -> relations.put(type.getValue(), type.getValue()));
        if (relations.keySet().stream().anyMatch(type -> !isMemberName(type))) {
            return false;
        }
        CardObject relation = CardObject.withText("@type", "Relation").set("relation", parameters.takeTypes(relations));
        relation.object("vCardParams", parameters.toObject());
        card.collection("relatedTo").object(other, relation);
        return true;
    }

    private static boolean addMember(Member property, CardDraft card) {
        String uri = property.getValue();
        if (uri == null
                || !isMemberName(uri)
                || !new Parameters(property).toObject().isEmpty()) {
            return false;
        }
        card.collection("members").put(uri, new Bool(true));
        return true;
    }

    private static boolean addPersonal(TextProperty property, String kind, CardDraft card) {
        CardObject info = CardObject.withText("value", property.getValue());
        return !info.isEmpty() && card.add("personalInfo", info.put("kind", new Text(kind)), new Parameters(property));
    }

    private static boolean isMemberName(String text) {
        return !text.isEmpty() && CardProfile.keyFlaw(text).isEmpty();
    }
}
