package org.contactsync.client.cli;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.CardJson;
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
        Map<Uid, String> labels = new HashMap<>();
        reading.contacts().forEach(contact -> labels.put(contact.uid(), contact.label()));
        return new BookFile(PhoneBook.of(reading.contacts(), reading.leftOut()), reading.notices(), labels);
    }

    private static BookFile json(byte[] bytes) throws UnreadableBook {
        Map<Uid, CanonicalCard> contacts = new HashMap<>();
        Map<Uid, String> labels = new HashMap<>();
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(bytes))) {
            JsonStructure root = reader.read();
            List<JsonValue> items = root instanceof JsonObject object && object.containsKey("contacts")
                    ? object.getJsonArray("contacts")
                    : root.asJsonArray();
            for (int i = 0; i < items.size(); i++) {
                FoundContact contact = contact(items.get(i), i + 1);
                if (contacts.put(contact.uid(), contact.card()) != null) {
                    throw new UnreadableBook(
                            contact.label() + ": its uid stands twice in the file; give each contact its own");
                }
                labels.put(contact.uid(), contact.label());
            }
        } catch (JsonException | ClassCastException e) {
            throw new UnreadableBook("the file is not JSON of the form [{\"uid\":…,\"card\":{…}}…]: " + e.getMessage());
        }
        return new BookFile(new PhoneBook(contacts, Set.of()), List.of(), labels);
    }

    private static FoundContact contact(JsonValue json, int position) throws UnreadableBook {
        JsonObject object = json.asJsonObject();
        String uid = object.getString("uid", "");
        String label = "contact " + position + (uid.isEmpty() ? "" : " (" + uid + ")");
        JsonObject card = object.getJsonObject("card");
        if (card == null) {
            throw new UnreadableBook(label + ": has no card");
        }
        try {
            return new FoundContact(new Uid(uid), CardJson.card(card), label);
        } catch (IllegalArgumentException e) {
            throw new UnreadableBook(label + ": " + e.getMessage() + "; correct it in the file");
        }
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
