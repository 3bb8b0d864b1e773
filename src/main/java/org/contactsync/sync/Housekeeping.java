package org.contactsync.sync;

import java.time.Instant;
import java.util.List;
import org.contactsync.protocol.Owner;

/** What is done in the background, in small steps. Every method needs a transaction of its own. */
public interface Housekeeping {
    /** The database's time: the one clock that all instances share. */
    Instant now();

    /**
     * Owners with something that no message stands for any more: waiting tasks whose attempt is due, up to {@code most},
     * and uploads whose lease has ended, up to {@code most}. An owner with a waiting task is named to one instance and to
     * no other until {@code again}; when an attempt is due does not change. An upload is named until it has been ended.
     */
    List<Owner> due(Instant now, Instant again, int most);

    /**
     * Removes up to {@code most} rows that nobody reads.
     *
     * @return rows removed; 0 when there is nothing left to remove
     */
    int removeGarbage(int most);

    /**
     * Brings together what the storage still uses of its file, a little at a time, where the database does not do so by itself.
     *
     * @return whether there was anything to do
     */
    boolean compact();

    /** Removes up to {@code most} finished tasks that may be forgotten; answers how many. */
    int forgetTasks(Instant now, int most);
}
