package org.contactsync.client.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.contactsync.client.BookJson;
import org.contactsync.client.PhoneBook;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.Notice;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.VcardReading;

/**
 * A contact book read from a file: vCards, or JSON as {@code pull} writes it, {@code [{"uid":…,"card":…}…]}.
 *
 * @param book what is sent
 * @param notices what a person should know about single contacts
 * @param labels how a contact is called in the file
 */
record BookFile(PhoneBook book, List<Notice> notices, Map<Uid, String> labels) {
    /** Larger than any book that a server takes; a wrong file name should not fill the memory. */
    private static final long MOST_BYTES = 1L << 30;

    BookFile {
        notices = List.copyOf(notices);
        labels = Map.copyOf(labels);
    }

    static BookFile read(Path file) throws IOException, Complaint, UnreadableBook {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new Complaint(ExitCode.BAD_FILE, "Cannot read " + file + ": is the name right?");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new Complaint(ExitCode.BAD_FILE, file + " has more than 1 GiB: is it a contact book?");
        }
        byte[] bytes = Files.readAllBytes(file);
        return looksLikeJson(bytes) ? json(bytes) : vcards(bytes);
    }

    private static BookFile vcards(byte[] bytes) throws UnreadableBook {
        VcardReading reading = VcardReader.read(bytes);
        return of(reading.contacts(), reading.leftOut(), reading.notices());
    }

    private static BookFile json(byte[] bytes) throws UnreadableBook {
        return of(BookJson.read(bytes), Set.of(), List.of());
    }

    private static BookFile of(List<FoundContact> contacts, Set<Uid> leftOut, List<Notice> notices) {
        Map<Uid, String> labels = new HashMap<>();
        contacts.forEach(contact -> labels.put(contact.uid(), contact.label()));
        return new BookFile(PhoneBook.of(contacts, leftOut), notices, labels);
    }

    private static boolean looksLikeJson(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '[' || b == '{';
            }
        }
        return false;
    }
}
