package org.contactsync.client;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.BoundedJson;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;

/** A book as JSON: {@code [{"uid":…,"card":{…}}…]}, or that list as the member {@code contacts} of an object. */
public final class BookJson {
    private static final String FORM = "the file is not JSON of the form [{\"uid\":…,\"card\":{…}}…]";

    private final List<FoundContact> contacts = new ArrayList<>();
    private final Set<Uid> seen = new HashSet<>();

    private BookJson() {}

    /**
     * The contacts in their order, each uid once.
     *
     * @throws UnreadableBook naming the contact that is not valid; nothing is taken over from such a file
     */
    public static List<FoundContact> read(byte[] utf8) throws UnreadableBook {
        BookJson book = new BookJson();
        try (JsonParser parser = BoundedJson.parser(utf8)) {
            book.readRoot(parser);
        } catch (JsonException e) {
            throw new UnreadableBook(FORM + ": " + e.getMessage());
        } catch (ClassCastException | IllegalStateException | NoSuchElementException e) {
            throw new UnreadableBook(FORM + after(book.contacts.size()));
        }
        return book.contacts;
    }

    private void readRoot(JsonParser parser) throws UnreadableBook {
        Event root = parser.next();
        boolean found = root == Event.START_ARRAY;
        if (found) {
            readContacts(parser);
        } else if (root == Event.START_OBJECT) {
            while (parser.next() == Event.KEY_NAME) {
                boolean list = parser.getString().equals("contacts");
                if (parser.next() == Event.START_ARRAY && list) {
                    found = true;
                    readContacts(parser);
                } else {
                    parser.getValue();
                }
            }
        }
        if (!found || parser.hasNext()) {
            throw new UnreadableBook(FORM);
        }
    }

    private void readContacts(JsonParser parser) throws UnreadableBook {
        for (Event next = parser.next(); next != Event.END_ARRAY; next = parser.next()) {
            if (next != Event.START_OBJECT) {
                throw new UnreadableBook(FORM + after(contacts.size()));
            }
            FoundContact contact = contact(BoundedJson.object(parser), contacts.size() + 1);
            if (!seen.add(contact.uid())) {
                throw new UnreadableBook(
                        contact.label() + ": its uid occurs twice in the file; give each contact its own uid");
            }
            contacts.add(contact);
        }
    }

    private static String after(int contacts) {
        return contacts == 0 ? "" : ", after contact " + contacts;
    }

    private static FoundContact contact(JsonObject json, int position) throws UnreadableBook {
        String uid = json.getString("uid", "");
        String label = "contact " + position + (uid.isEmpty() ? "" : " (" + uid + ")");
        if (!(json.get("card") instanceof JsonObject card)) {
            throw new UnreadableBook(label + ": has no card");
        }
        try {
            return new FoundContact(new Uid(uid), CardJson.card(card), label);
        } catch (IllegalArgumentException e) {
            throw new UnreadableBook(label + ": " + e.getMessage() + "; correct it in the file");
        }
    }
}
