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
    VCARD_4("text/vcard;charset=utf-8;version=4.0", "contacts.vcf") {
        @Override
        public byte[] contact(boolean first, Uid uid, CanonicalCard card) {
            return vcard(uid, card, Version.V4_0);
        }
    },
    VCARD_3("text/vcard;charset=utf-8;version=3.0", "contacts.vcf") {
        @Override
        public byte[] contact(boolean first, Uid uid, CanonicalCard card) {
            return vcard(uid, card, Version.V3_0);
        }
    },
    /** A list of Cards, each with its uid. */
    JSCONTACT("application/jscontact+json;version=1.0", "contacts.json") {
        @Override
        public boolean isCheap() {
            return true;
        }

        @Override
        public int mostContacts() {
            return Integer.MAX_VALUE;
        }

        @Override
        public byte[] head() {
            return bytes("[");
        }

        @Override
        public byte[] contact(boolean first, Uid uid, CanonicalCard card) {
            StringBuilder json = new StringBuilder(card.length() + 64).append(first ? "\n" : ",\n");
            json.append("{\"uid\":");
            CanonicalJson.quote(json, uid.value());
            String members = new String(card.utf8(), StandardCharsets.UTF_8).substring(1);
            return bytes(
                    json.append(members.equals("}") ? "" : ",").append(members).toString());
        }

        @Override
        public byte[] tail() {
            return bytes("\n]\n");
        }
    };

    private static final byte[] NOTHING = new byte[0];

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

    /** Whether a contact takes next to no time; a vCard takes 0.4 ms of a processor. */
    public boolean isCheap() {
        return false;
    }

    /**
     * The contacts of the largest book that can be written while an answer may last (protocol 3.11): as vCards these take a minute if nobody
     * else has the processor.
     */
    public int mostContacts() {
        return 150_000;
    }

    /** What comes before the first contact. */
    public byte[] head() {
        return NOTHING;
    }

    /**
     * One contact.
     *
     * @param first whether no other contact comes before it
     */
    public abstract byte[] contact(boolean first, Uid uid, CanonicalCard card);

    /** What comes after the last contact. */
    public byte[] tail() {
        return NOTHING;
    }

    private static byte[] vcard(Uid uid, CanonicalCard card, Version version) {
        return bytes(VcardWriter.write(uid, CardJson.parsed(card), version));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
