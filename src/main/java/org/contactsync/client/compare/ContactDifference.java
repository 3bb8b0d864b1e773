package org.contactsync.client.compare;

import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/**
 * A contact that a file and the server's book do not have alike.
 *
 * @param file the card of the file
 * @param server the card of the server
 */
public record ContactDifference(Uid uid, Cause cause, Optional<CanonicalCard> file, Optional<CanonicalCard> server) {
    /** Who made the difference since this client and the server last agreed. */
    public enum Cause {
        /** The file was changed. */
        FILE,
        /** Another device has changed the server's book. */
        OTHERS,
        /** Both. */
        BOTH,
        /** This client and the server have never agreed about the contact. */
        UNKNOWN
    }

    /** What differs. */
    public enum Kind {
        /** Only the file has it. */
        ADDED,
        /** Only the server has it. */
        REMOVED,
        /** Both have it, with different cards. */
        CHANGED
    }

    public ContactDifference {
        if (file.equals(server)) {
            throw new IllegalArgumentException("file and server: different cards");
        }
    }

    public Kind kind() {
        if (file.isEmpty()) {
            return Kind.REMOVED;
        }
        return server.isEmpty() ? Kind.ADDED : Kind.CHANGED;
    }
}
