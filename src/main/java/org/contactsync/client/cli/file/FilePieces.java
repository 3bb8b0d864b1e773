package org.contactsync.client.cli.file;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalJson;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.VcardReading;
import org.contactsync.vcard.file.Notice;

/**
 * A file of vCards that is too large for one request, as lists of JSContact. It is read here and not on the server: contacts without a UID get
 * theirs by their order in the whole file.
 *
 * @param pieces lists that one request may have
 * @param notices what a person should know about single contacts
 * @param leftOut contacts that are in no piece
 */
public record FilePieces(List<byte[]> pieces, List<Notice> notices, int leftOut) {
    /** Of a file with one vCard after the other there are fewer bytes; those of a card are at least the {@code @type}. */
    private static final int AROUND = 32;

    public FilePieces {
        pieces = List.copyOf(pieces);
        notices = List.copyOf(notices);
    }

    /** Whether the file may have more vCards than one request. */
    public static boolean isLarge(byte[] file, int mostContacts, int mostBytes) {
        return file.length > mostBytes
                || new String(file, StandardCharsets.ISO_8859_1)
                                .lines()
                                .filter(line -> line.regionMatches(true, 0, "END:VCARD", 0, "END:VCARD".length()))
                                .count()
                        > mostContacts;
    }

    /** @throws UnreadableBook as {@link VcardReader#read} */
    public static FilePieces of(byte[] file, Optional<Charset> charset, int mostContacts, int mostBytes)
            throws UnreadableBook {
        Optional<String> broken = VcardBounds.broken(file);
        if (broken.isPresent()) {
            throw new UnreadableBook("the file " + broken.get() + "; is it a contact book?");
        }
        VcardReading reading = VcardReader.read(file, charset);
        List<byte[]> pieces = new ArrayList<>();
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        int contacts = 0;
        for (FoundContact contact : reading.contacts()) {
            byte[] card = card(contact);
            if (contacts == mostContacts || (contacts > 0 && piece.size() + card.length + AROUND > mostBytes)) {
                pieces.add(ended(piece));
                piece = new ByteArrayOutputStream();
                contacts = 0;
            }
            piece.write(contacts++ == 0 ? '[' : ',');
            piece.writeBytes(card);
        }
        if (contacts > 0) {
            pieces.add(ended(piece));
        }
        return new FilePieces(pieces, reading.notices(), reading.leftOut().size());
    }

    private static byte[] ended(ByteArrayOutputStream piece) {
        piece.write(']');
        return piece.toByteArray();
    }

    private static byte[] card(FoundContact contact) {
        StringBuilder json = new StringBuilder("{\"uid\":");
        CanonicalJson.quote(json, contact.uid().value());
        String members = new String(contact.card().utf8(), StandardCharsets.UTF_8).substring(1);
        return json.append(members.equals("}") ? "" : ",")
                .append(members)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
