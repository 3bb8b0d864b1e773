package org.contactsync.client;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.BoundedJson;
import org.contactsync.protocol.json.CardJson;
import org.jspecify.annotations.Nullable;

/**
 * One page of contacts (protocol 4.4), read contact by contact.
 *
 * @param checkCode of the book when the page was made
 * @param contacts how many there were
 * @param last the last one's uid
 * @param next the link to the page after it; empty on the last one
 */
record ContactPage(CheckCode checkCode, int contacts, Optional<Uid> last, String next) {
    /**
     * @param after the last uid of the page before; each contact comes after the one before, by the bytes of its uid
     * @throws RuntimeException of the kinds that {@link Response#parsed} knows, when it is no such page
     */
    static ContactPage read(byte[] utf8, Optional<Uid> after, ContactVisitor visitor) {
        @Nullable String code = null;
        String next = "";
        int contacts = 0;
        Optional<Uid> last = after;
        try (JsonParser parser = BoundedJson.parser(utf8)) {
            expect(parser.next() == Event.START_OBJECT);
            while (parser.next() == Event.KEY_NAME) {
                String name = parser.getString();
                Event value = parser.next();
                if (name.equals("contacts")) {
                    expect(value == Event.START_ARRAY);
                    while (parser.next() == Event.START_OBJECT) {
                        JsonObject contact = BoundedJson.object(parser);
                        Uid uid = new Uid(contact.getString("uid"));
                        expect(last.isEmpty() || last.get().compareTo(uid) < 0);
                        visitor.contact(uid, CardJson.card(contact.getJsonObject("card")));
                        last = Optional.of(uid);
                        contacts++;
                    }
                } else if (name.equals("checkCode")) {
                    code = ((JsonString) parser.getValue()).getString();
                } else if (name.equals("next")) {
                    next = ((JsonString) parser.getValue()).getString();
                } else {
                    parser.getValue(); // a member that this client does not know (protocol 3.1)
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        expect(code != null);
        return new ContactPage(new CheckCode(String.valueOf(code)), contacts, last, next);
    }

    private static void expect(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("page: contacts in the order of their uids, and a check code");
        }
    }
}
