package org.contactsync.model;

import java.io.IOException;
import java.util.Map;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.contact.Uid;

/** A device of the user. What it has is its own until it synchronises. One thread at a time. */
interface Device {
    String name();

    /** Its contacts; the user edits them here. */
    Map<Uid, CanonicalCard> book();

    /** Brings its edits to the service, and what others did to its contacts. */
    void synchronise() throws ServerUnreachable, ServerRefusal, IOException;

    /** Whether its user can ask for {@link #replace}. */
    default boolean canReplace() {
        return true;
    }

    /** Makes the service's book exactly its own by a full upload. */
    void replace() throws ServerUnreachable, ServerRefusal, IOException;

    /** Everything that it keeps is gone, contacts too. */
    void loseDatabase() throws IOException;

    /** What it knows of the last agreement is gone; the contacts are there. */
    void loseRecord() throws IOException;

    /** Whether its own card stands, after that, where the service has another one. */
    default boolean prefersItsCardsWithoutRecord() {
        return false;
    }

    /** Keeps all that it has; whoever runs the result restores the device from it. */
    Restoration backup() throws IOException;

    /** The way back to a backup of a device. */
    interface Restoration {
        void run() throws IOException;
    }
}
