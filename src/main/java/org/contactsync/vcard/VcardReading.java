package org.contactsync.vcard;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.Uid;
import org.contactsync.vcard.file.Notice;

/**
 * The result of reading a file of vCards.
 *
 * @param contacts in the order of the file; every uid once
 * @param made the uids of those that have none in the file and got one from what they are called
 * @param leftOut the uids of contacts that are in the file but could not be read; they must not be taken for deleted ones
 * @param notices what was changed or left out, in the order of the file
 * @param media of contacts that are too large with them, the pictures and sounds that are not in their cards; empty unless they were asked for
 */
public record VcardReading(
        List<FoundContact> contacts, Set<Uid> made, Set<Uid> leftOut, List<Notice> notices, Map<Uid, CardValue> media) {
    public VcardReading {
        contacts = List.copyOf(contacts);
        made = Set.copyOf(made);
        leftOut = Set.copyOf(leftOut);
        notices = List.copyOf(notices);
        media = Map.copyOf(media);
    }
}
