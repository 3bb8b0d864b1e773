package org.contactsync.exchange;

import java.nio.charset.StandardCharsets;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CanonicalJson;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.write.VcardWriter;
import org.contactsync.vcard.write.Version;

/** A format in which contacts are exported, one after the other. */
public enum FileFormat {
    VCARD_4("text/vcard;charset=utf-8;version=4.0", "contacts.vcf"),
    VCARD_3("text/vcard;charset=utf-8;version=3.0", "contacts.vcf"),
    /** A list of Cards, each with its uid. */
    JSCONTACT("application/jscontact+json;version=1.0", "contacts.json");

    private final String mediaType;
    private final String fileName;

    FileFormat(String mediaType, String fileName) {
        this.mediaType = mediaType;
        this.fileName = fileName;
    }

    public String mediaType() {
        return mediaType;
    }

    public String fileName() {
        return fileName;
    }

    /**
     * The contacts of the largest book that can be written while an answer may last (protocol 3.11): a vCard takes 0.4 ms of a processor, so
     * these take a minute if nobody else has it.
     */
    public int mostContacts() {
        return this == JSCONTACT ? Integer.MAX_VALUE : 150_000;
    }

    /** What comes before the first contact. */
    public byte[] head() {
        return bytes(this == JSCONTACT ? "[" : "");
    }

    /** @param first whether no other contact comes before it */
    public byte[] contact(boolean first, Uid uid, CanonicalCard card) {
        if (this != JSCONTACT) {
            Version version = this == VCARD_3 ? Version.V3_0 : Version.V4_0;
            return bytes(VcardWriter.write(uid, CardJson.parsed(card), version));
        }
        StringBuilder json = new StringBuilder(card.length() + 64).append(first ? "\n" : ",\n");
        json.append("{\"uid\":");
        CanonicalJson.quote(json, uid.value());
        String members = new String(card.utf8(), StandardCharsets.UTF_8).substring(1);
        return bytes(json.append(members.equals("}") ? "" : ",").append(members).toString());
    }

    /** What comes after the last contact. */
    public byte[] tail() {
        return bytes(this == JSCONTACT ? "\n]\n" : "");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
