package org.contactsync.client.cli.file;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CanonicalJson;
import org.contactsync.contact.Uid;
import org.contactsync.exchange.ImportedFile;
import org.contactsync.exchange.JsContactFile;
import org.contactsync.exchange.VcardFile;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;

/**
 * A file that is too large for one request, as lists of JSContact. It is read here as the server reads smaller ones: contacts without a UID get
 * theirs by their order in the whole file.
 *
 * @param pieces lists that one request may have
 * @param report of the whole file; contacts at fault are in no piece
 */
public record FilePieces(List<byte[]> pieces, ImportReport report) {
    /** Of a file with one vCard after the other there are fewer bytes; those of a card are at least the {@code @type}. */
    private static final int AROUND = 32;

    public FilePieces {
        pieces = List.copyOf(pieces);
    }

    /** Whether it is JSContact; otherwise it should be vCards. */
    public static boolean isJson(byte[] file) {
        for (byte b : file) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '[' || b == '{';
            }
        }
        return false;
    }

    /** Whether the file may have more contacts than one request. */
    public static boolean isLarge(byte[] file, int mostContacts, int mostBytes) {
        return file.length > mostBytes || (isJson(file) ? cards(file) : vcards(file)) > mostContacts;
    }

    private static long vcards(byte[] file) {
        return new String(file, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.regionMatches(true, 0, "END:VCARD", 0, "END:VCARD".length()))
                .count();
    }

    /** Objects of a list; of something that is no JSON whatever number. */
    private static long cards(byte[] file) {
        long count = 0;
        int depth = 0;
        boolean text = false;
        for (int i = 0; i < file.length; i++) {
            byte b = file[i];
            if (b == '"') {
                text = !text;
            } else if (text) {
                i += b == '\\' ? 1 : 0;
            } else if (b == '{' || b == '[') {
                count += b == '{' && depth == 1 ? 1 : 0;
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
        }
        return count;
    }

    /**
     * Reads the file.
     *
     * @param charset of vCards that name none
     * @throws ProblemException if it is no such file
     */
    public static FilePieces of(byte[] file, Optional<Charset> charset, int mostContacts, int mostBytes) {
        ImportedFile read = isJson(file)
                ? JsContactFile.read(file, Integer.MAX_VALUE)
                : VcardFile.read(file, charset, Integer.MAX_VALUE);
        List<byte[]> pieces = new ArrayList<>();
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        int contacts = 0;
        for (Change change : read.changes()) {
            byte[] card = card(change.uid(), ((Change.Put) change).card());
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
        return new FilePieces(pieces, read.report());
    }

    private static byte[] ended(ByteArrayOutputStream piece) {
        piece.write(']');
        return piece.toByteArray();
    }

    private static byte[] card(Uid uid, CanonicalCard card) {
        StringBuilder json = new StringBuilder("{\"uid\":");
        CanonicalJson.quote(json, uid.value());
        String members = new String(card.utf8(), StandardCharsets.UTF_8).substring(1);
        return json.append(members.equals("}") ? "" : ",")
                .append(members)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
