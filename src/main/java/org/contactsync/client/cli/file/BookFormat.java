package org.contactsync.client.cli.file;

import java.io.IOException;
import java.io.Writer;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.CardJson;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.vcard.write.VcardWriter;

/** A format in which a book is written, contact by contact. */
public enum BookFormat {
    JSON {
        @Override
        void begin(Writer out) throws IOException {
            out.write("[");
        }

        @Override
        void contact(Writer out, long number, Uid uid, CanonicalCard card) throws IOException {
            out.write(number == 1 ? "\n" : ",\n");
            out.write(new JsonWriter()
                    .object()
                    .member("uid", uid.value())
                    .name("card")
                    .card(card)
                    .end()
                    .text());
        }

        @Override
        void end(Writer out) throws IOException {
            out.write("\n]\n");
        }
    },

    VCARD {
        @Override
        void begin(Writer out) {}

        @Override
        void contact(Writer out, long number, Uid uid, CanonicalCard card) throws IOException {
            out.write(VcardWriter.write(uid, CardJson.parsed(card)));
        }

        @Override
        void end(Writer out) {}
    };

    abstract void begin(Writer out) throws IOException;

    /** @param number from 1 */
    abstract void contact(Writer out, long number, Uid uid, CanonicalCard card) throws IOException;

    abstract void end(Writer out) throws IOException;
}
