package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.state.WholeFile;
import org.contactsync.contact.Card;
import org.contactsync.contact.CardValue;
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
     * @param media pictures and sounds that are too large for their cards, when the file is about to be written again
     */
    record Contents(Map<Uid, CanonicalCard> contacts, Set<Uid> leftOut, Map<Uid, CardValue> media) {
        static final Contents NONE = new Contents(Map.of(), Set.of(), Map.of());

        /** What is written for a contact: its card, with what the card has no room for. */
        String vcard(Uid uid, CanonicalCard card, Uid as) {
            Card parsed = CardJson.parsed(card);
            return Optional.ofNullable(media.get(uid))
                    .map(pictures -> VcardWriter.write(as, parsed, pictures))
                    .orElseGet(() -> VcardWriter.write(as, parsed));
        }
    }

    /** @throws IOException also when it is no file of vCards, or is empty: it may be just being written */
    static Contents read(Path file) throws IOException {
        return read(file, false);
    }

    /** The same with all that the file loses unless it is written again with it. */
    static Contents readToWrite(Path file) throws IOException {
        return read(file, true);
    }

    private static Contents read(Path file, boolean toWrite) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("The file " + file + " is too large.");
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
            throw new IOException("The file " + file + " is empty.");
        }
        try {
            VcardReading reading = toWrite ? VcardReader.readToWrite(bytes) : VcardReader.read(bytes);
            Map<Uid, CanonicalCard> contacts = new LinkedHashMap<>();
            for (FoundContact contact : reading.contacts()) {
                contacts.put(contact.uid(), contact.card());
            }
            return new Contents(contacts, reading.leftOut(), reading.media());
        } catch (UnreadableBook e) {
            throw new IOException("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Another one after each change: when it changed, how large it is, and which file it is. */
    static String stamp(Path file) throws IOException {
        return stamp(Files.readAttributes(file, BasicFileAttributes.class));
    }

    /** The same of a file whose attributes are known. */
    static String stamp(BasicFileAttributes is) {
        return is.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " " + is.size() + " " + is.fileKey();
    }

    /** The old file or the new one is there, whatever is killed. */
    static void write(Path file, String vcards) throws IOException {
        WholeFile.write(file, vcards.getBytes(StandardCharsets.UTF_8));
    }
}
