package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.state.WholeFile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.VcardReading;
import org.contactsync.vcard.write.VcardWriter;

/** Files of vCards. */
final class CardFile {
    /** Larger than any book that a server takes. */
    private static final long MOST_BYTES = 512 << 20;

    private CardFile() {}

    /**
     * What a file has.
     *
     * @param leftOut contacts that are in it and are no valid cards
     */
    record Contents(Map<Uid, CanonicalCard> contacts, Set<Uid> leftOut) {}

    /** @throws IOException also when it is no file of vCards, or is just being written */
    static Contents read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("The file " + file + " is too large.");
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
            return new Contents(Map.of(), Set.of());
        }
        try {
            VcardReading reading = VcardReader.read(bytes);
            Map<Uid, CanonicalCard> contacts = new LinkedHashMap<>();
            for (FoundContact contact : reading.contacts()) {
                contacts.put(contact.uid(), contact.card());
            }
            return new Contents(contacts, reading.leftOut());
        } catch (UnreadableBook e) {
            throw new IOException("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    static String vcard(Uid uid, CanonicalCard card) {
        return VcardWriter.write(uid, CardJson.parsed(card));
    }

    /** The old file or the new one is there, whatever is killed. */
    static void write(Path file, String vcards) throws IOException {
        WholeFile.write(file, vcards.getBytes(StandardCharsets.UTF_8));
    }
}
