package org.contactsync.protocol.lookup;

import java.util.List;
import java.util.Set;
import org.contactsync.contact.Uid;

/**
 * Contacts that a search by name found.
 *
 * @param found in the order of the words that matched
 * @param more whether there are more than these
 */
public record NameAnswer(List<Found> found, boolean more) {
    /** @param name for a screen; empty if the card has none */
    public record Found(Uid uid, String name, Set<Mark> marks) {
        public Found {
            marks = Set.copyOf(marks);
        }
    }

    public NameAnswer {
        found = List.copyOf(found);
    }
}
