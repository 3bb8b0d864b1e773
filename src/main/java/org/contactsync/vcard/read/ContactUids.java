package org.contactsync.vcard.read;

import ezvcard.VCard;
import ezvcard.property.Email;
import ezvcard.property.FormattedName;
import ezvcard.property.Organization;
import ezvcard.property.Telephone;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.Sha256;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.value.NameParts;
import org.jspecify.annotations.Nullable;

/**
 * Gives the contacts of one file their uids, the same ones each time the file is read. For one thread at a time.
 *
 * <ol>
 *   <li>A vCard's own UID is the uid, when it is one that the profile allows.
 *   <li>Otherwise the uid is made from what the contact is called: its full name, else its name, organization, first e-mail
 *       address or first phone number. So a contact keeps its uid when its phone number is edited, and becomes a new contact
 *       when it is renamed.
 *   <li>Contacts that are called the same are told apart by their order in the file: the second "Max" is the second one
 *       next time too. When one of them is taken out of the file, the later ones move up; the book that results is right, only
 *       more is sent.
 * </ol>
 *
 * <p>A made uid is a UUID of version 8 (RFC 9562 §5.8), the first bits of SHA-256 over the name and its number.
 */
public final class ContactUids {
    private final Map<String, Integer> counts = new HashMap<>();

    static boolean isUsable(@Nullable String uid) {
        return uid != null && CardProfile.uidFlaw(uid).isEmpty();
    }

    /** Whether it has a UID, usable or not. */
    public static boolean isDeclared(VCard vcard) {
        return declared(vcard).isPresent();
    }

    public Uid uidOf(VCard vcard) {
        return declared(vcard).filter(ContactUids::isUsable).map(Uid::new).orElseGet(() -> made(identity(vcard)));
    }

    /** A uid for a contact whose own is taken by another one of the file: numbered in the order of the file. */
    public Uid besides(Uid taken) {
        return made("uid " + taken.value());
    }

    /** A uid for a contact of which the full name is known. */
    public Uid named(String full) {
        return made("name " + full.strip());
    }

    /** A uid for a contact of which nothing but its card is known. */
    public Uid of(CanonicalCard card) {
        return made("card " + new String(card.utf8(), StandardCharsets.UTF_8));
    }

    private Uid made(String identity) {
        int number = counts.merge(identity, 1, Integer::sum);
        byte[] hash = Sha256.digest((identity + '\n' + number).getBytes(StandardCharsets.UTF_8));
        ByteBuffer bits = ByteBuffer.wrap(hash);
        long high = (bits.getLong() & ~0xf000L) | 0x8000L;
        long low = (bits.getLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new Uid("urn:uuid:" + new UUID(high, low));
    }

    private static String identity(VCard vcard) {
        return Stream.of(
                        declared(vcard).map(uid -> "uid " + uid),
                        text(vcard.getFormattedName()).map(name -> "name " + name),
                        Optional.ofNullable(vcard.getProperty(NameParts.class)).map(n -> "parts " + n.components()),
                        Optional.ofNullable(vcard.getProperty(Organization.class))
                                .map(o -> "org " + o.getValues()),
                        Optional.ofNullable(vcard.getProperty(Email.class)).map(e -> "email " + e.getValue()),
                        Optional.ofNullable(vcard.getProperty(Telephone.class))
                                .map(t -> "phone " + t.getText() + t.getUri()))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("nameless");
    }

    private static Optional<String> declared(VCard vcard) {
        return Optional.ofNullable(vcard.getUid()).map(uid -> uid.getValue()).filter(value -> !value.isBlank());
    }

    private static Optional<String> text(@Nullable FormattedName name) {
        return Optional.ofNullable(name)
                .map(FormattedName::getValue)
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }
}
