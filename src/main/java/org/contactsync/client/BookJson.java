package org.contactsync.client;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.FoundContact;
import org.contactsync.vcard.UnreadableBook;

/** A book as JSON: {@code [{"uid":…,"card":{…}}…]}, or that list as the member {@code contacts} of an object. */
public final class BookJson {
    private BookJson() {}

    /**
     * The contacts in their order, each uid once.
     *
     * @throws UnreadableBook naming the contact that is not valid; nothing is taken over from such a file
     */
    public static List<FoundContact> read(byte[] utf8) throws UnreadableBook {
        List<FoundContact> contacts = new ArrayList<>();
        Set<Uid> seen = new HashSet<>();
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(utf8))) {
            JsonStructure root = reader.read();
            List<JsonValue> items = root instanceof JsonObject object && object.containsKey("contacts")
                    ? object.getJsonArray("contacts")
                    : root.asJsonArray();
            for (JsonValue item : items) {
                FoundContact contact = contact(item.asJsonObject(), contacts.size() + 1);
                if (!seen.add(contact.uid())) {
                    throw new UnreadableBook(
                            contact.label() + ": its uid stands twice in the file; give each contact its own");
                }
                contacts.add(contact);
            }
        } catch (JsonException | ClassCastException e) {
            throw new UnreadableBook("the file is not JSON of the form [{\"uid\":…,\"card\":{…}}…]: " + e.getMessage());
        }
        return contacts;
    }

    private static FoundContact contact(JsonObject json, int position) throws UnreadableBook {
        String uid = json.getString("uid", "");
        String label = "contact " + position + (uid.isEmpty() ? "" : " (" + uid + ")");
        JsonObject card = json.getJsonObject("card");
        if (card == null) {
            throw new UnreadableBook(label + ": has no card");
        }
        try {
            return new FoundContact(new Uid(uid), CardJson.card(card), label);
        } catch (IllegalArgumentException e) {
            throw new UnreadableBook(label + ": " + e.getMessage() + "; correct it in the file");
        }
    }
}
