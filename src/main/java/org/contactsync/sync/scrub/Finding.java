package org.contactsync.sync.scrub;

import java.util.List;
import java.util.Set;

/**
 * A book that does not agree with its contacts.
 *
 * @param book id of its row
 * @param owner the key that stands for its user
 * @param seq of the book when it was compared
 * @param parts of the book that are wrong
 * @param contacts how many contacts are wrong
 * @param listed the first of them
 */
public record Finding(long book, String owner, long seq, Set<Part> parts, long contacts, List<WrongContact> listed) {
    /** So many contacts are listed. */
    public static final int MOST_LISTED = 20;

    /**
     * A contact that is wrong.
     *
     * @param uid SHA-256 of its uid as hexadecimal digits: a uid may contain contact data
     */
    public record WrongContact(String uid, Set<Part> parts) {
        public WrongContact {
            parts = Set.copyOf(parts);
        }
    }

    public Finding {
        parts = Set.copyOf(parts);
        listed = List.copyOf(listed);
        if (parts.isEmpty() || listed.size() > MOST_LISTED) {
            throw new IllegalArgumentException("parts: at least 1; listed: at most " + MOST_LISTED);
        }
    }
}
