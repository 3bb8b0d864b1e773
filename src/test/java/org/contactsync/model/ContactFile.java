package org.contactsync.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;
import org.contactsync.exchange.FileFormat;
import org.contactsync.exchange.ImportedFile;
import org.contactsync.exchange.JsContactFile;
import org.contactsync.exchange.VcardFile;
import org.contactsync.protocol.request.Change;

/**
 * A file of contacts that a user has (protocol 4.24 and 4.25).
 *
 * @param mediaType as the service names it
 */
record ContactFile(String mediaType, byte[] bytes) {
    private static final int MOST = 1_000;

    /** All in which the service exports. */
    private static final List<FileFormat> FORMATS = List.of(FileFormat.values());

    /** One of them. */
    static FileFormat format(int number) {
        return FORMATS.get(number % FORMATS.size());
    }

    static ContactFile of(FileFormat format, Map<Uid, CanonicalCard> contacts) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(format.head());
        contacts.forEach((uid, card) -> file.writeBytes(format.contact(isFirst(format, file), uid, card)));
        file.writeBytes(format.tail());
        return new ContactFile(format.mediaType(), file.toByteArray());
    }

    private static boolean isFirst(FileFormat format, ByteArrayOutputStream file) {
        return file.size() == format.head().length;
    }

    Map<Uid, CanonicalCard> contacts() {
        Map<Uid, CanonicalCard> contacts = new TreeMap<>();
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.replaceAll("\\s", "").matches("(\\[])?")) { // an empty file is refused
            ImportedFile file = mediaType.startsWith("application/jscontact+json")
                    ? JsContactFile.read(bytes, MOST)
                    : VcardFile.read(bytes, Optional.empty(), MOST);
            for (Change change : file.changes()) {
                contacts.put(change.uid(), ((Change.Put) change).card());
            }
        }
        return contacts;
    }
}
