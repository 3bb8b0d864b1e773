package org.contactsync.account;

import java.time.Instant;
import java.util.List;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.account.Installation;
import org.contactsync.sync.book.BookState;

/** Stores devices that were seen. */
public interface DeviceRows {
    /**
     * Writes sightings down, in a transaction of the caller; of an owner without a book nothing is written. Of more than {@link
     * Installation#MOST} devices of a user those that were not seen for the longest time are removed.
     */
    void save(List<Sighting> sightings, Instant now);

    /**
     * The devices of a book, the latest first, each with the last state that a request or the history tells. Needs no transaction; reads the
     * history of the book once.
     */
    List<Installation> list(BookState book);

    /** Removes a device, in a transaction of the caller; whether it was there. */
    boolean forget(Owner owner, DeviceId device);
}
