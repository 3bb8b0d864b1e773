package org.contactsync.vcard;

import java.nio.charset.StandardCharsets;

/** The canonical JSON of a contact that was read. */
public final class CardText {
    private CardText() {}

    public static String of(VcardReading reading, int index) {
        return new String(reading.contacts().get(index).card().utf8(), StandardCharsets.UTF_8);
    }

    /** Of one vCard 4.0 with these lines. */
    public static String of(String... lines) throws UnreadableBook {
        String vcard = "BEGIN:VCARD\r\nVERSION:4.0\r\n" + String.join("\r\n", lines) + "\r\nEND:VCARD\r\n";
        return of(VcardReader.read(vcard.getBytes(StandardCharsets.UTF_8)), 0);
    }
}
