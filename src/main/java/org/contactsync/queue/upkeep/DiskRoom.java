package org.contactsync.queue.upkeep;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.settings.DiskFloor;

/**
 * Tells whether the disk of the embedded database has space for changes. H2 closes itself when its disk is full. Changes
 * are therefore refused while there is still space for work in progress and for work that frees space. Thread-safe.
 */
@ApplicationScoped
public class DiskRoom {
    /** An operator has to free space, or the removal of unused rows has to. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    /** Changes are accepted again with a quarter more than the minimum, so that the state does not flap. */
    private static final int MARGIN = 4;

    private final long floor;
    private volatile long free = Long.MAX_VALUE;
    private volatile boolean low;

    /** For the container's proxy. */
    protected DiskRoom() {
        floor = 0;
    }

    @Inject
    public DiskRoom(DiskFloor floor) {
        this.floor = floor.bytes();
    }

    /**
     * Records how many bytes are free.
     *
     * @return whether {@link #low} has changed
     */
    public synchronized boolean record(long bytes) {
        boolean before = low;
        free = bytes;
        low = bytes < floor || (before && bytes < floor + floor / MARGIN);
        return low != before;
    }

    /** Bytes that were free at the last check. */
    public long free() {
        return free;
    }

    /** Whether changes are refused. */
    public boolean low() {
        return low;
    }

    /** Whether even work that frees space must wait: a file grows before it shrinks. */
    boolean almostNone() {
        return low && free < floor / 2;
    }

    /** The answer to a change. */
    public static Problem problem() {
        return new Problem.Unavailable(UnavailableReason.DISK_NEARLY_FULL, RETRY);
    }
}
