package org.contactsync.client.cli.file;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.client.BookJson;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;
import org.contactsync.vcard.VcardReader;
import org.contactsync.vcard.VcardReading;
import org.contactsync.vcard.file.Notice;

/**
 * A contact book read from a file: vCards, or JSON as {@code pull} writes it, {@code [{"uid":…,"card":…}…]}.
 *
 * @param book what is sent
 * @param notices what a person should know about single contacts
 * @param labels how a contact is called in the file
 */
public record BookFile(PhoneBook book, List<Notice> notices, Map<Uid, String> labels) {
    /** Larger than any book that a server takes; a wrong file name should not fill the memory. */
    private static final int MOST_BYTES = 1 << 30;

    /** The bytes, the same as text, and the cards: a file may have so much of the memory at most. */
    private static final int SHARE_OF_MEMORY = 4;

    public BookFile {
        notices = List.copyOf(notices);
        labels = Map.copyOf(labels);
    }

    /**
     * @param file {@code -}: standard input; a folder: all vCards in it
     * @param charset of vCards that do not name theirs
     */
    public static BookFile read(Path file, Optional<Charset> charset) throws IOException, Complaint {
        int most = (int) Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY);
        if (Files.isDirectory(file)) {
            return of(VdirFolder.read(file, most, charset));
        }
        byte[] bytes = ReadableFile.read(file, most, ExitCode.BAD_FILE);
        try {
            return looksLikeJson(bytes) ? json(bytes) : vcards(bytes, charset);
        } catch (UnreadableBook e) {
            String message = String.valueOf(e.getMessage());
            throw new Complaint(
                    ExitCode.BAD_FILE, ReadableFile.name(file) + ": " + message + (message.endsWith(".") ? "" : "."));
        }
    }

    private static BookFile vcards(byte[] bytes, Optional<Charset> charset) throws UnreadableBook {
        Optional<String> broken = VcardBounds.broken(bytes);
        if (broken.isPresent()) {
            throw new UnreadableBook("the file " + broken.get() + "; is it a contact book?");
        }
        return of(VcardReader.read(bytes, charset));
    }

    private static BookFile of(VcardReading reading) {
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
