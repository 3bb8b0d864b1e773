package org.contactsync.protocol.lookup;

import java.util.Set;
import org.contactsync.contact.Uid;

/**
 * A contact that has a number.
 *
 * @param name for a screen; empty if the card has none
 * @param label of the number in the card; may be empty
 * @param closeness a word of {@link Closeness}, or of a later version
 */
public record PhoneMatch(Uid uid, String name, String label, String closeness, Set<Mark> marks) {
    public PhoneMatch {
        marks = Set.copyOf(marks);
    }
}
