package org.contactsync.sync;

import java.time.Instant;
import java.util.List;
import org.contactsync.protocol.Owner;

/** Background work in small steps. Every method needs its own transaction. */
public interface Housekeeping {
    /** The database's time: the one clock that all instances share. */
    Instant now();

    /**
     * Owners with pending work that has no message in the queue: waiting tasks whose attempt is due, up to {@code most},
     * and uploads whose lease has expired, up to {@code most}. An owner with a waiting task is returned to one instance and
     * to no other until {@code again}; the time of the attempt does not change. An upload is returned until it has ended.
     */
    List<Owner> due(Instant now, Instant again, int most);

    /**
     * Removes up to {@code most} rows that nobody reads.
     *
     * @return rows removed; 0 if nothing is left
     */
    int removeGarbage(int most);

    /**
     * Compacts the database's file, a little at a time, if the database does not do that by itself.
     *
     * @return whether there was anything to do
     */
    boolean compact();

    /**
     * Has the database count a table that has changed much, if it chooses its ways by such counts.
     *
     * @return whether there was one
     */
    boolean refreshStatistics();

    /** Deletes up to {@code most} finished tasks whose retention has ended; returns how many. */
    int forgetTasks(Instant now, int most);
}
