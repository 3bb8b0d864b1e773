package org.contactsync.queue.upkeep;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.UnavailableReason;
import org.contactsync.settings.DiskFloor;

/**
 * Whether the disk of the embedded database has room for changes. A database whose disk is full closes itself, so changes are
 * refused while there is still room for what is under way and for what makes room. Thread-safe.
 */
@ApplicationScoped
public class DiskRoom {
    /** An operator has to make room, or the removal of what nobody reads any more. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    /** Changes are taken again with a quarter more than the floor: the state must not flap. */
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
     * Notes how many bytes are free.
     *
     * @return whether {@link #low} is another than before
     */
    public synchronized boolean record(long bytes) {
        boolean before = low;
        free = bytes;
        low = bytes < floor || (before && bytes < floor + floor / MARGIN);
        return low != before;
    }

    /** Bytes that were free at the last look. */
    public long free() {
        return free;
    }

    /** Whether changes are refused. */
    public boolean low() {
        return low;
    }

    /** Whether even work that makes room waits: before a file gets smaller, it grows. */
    boolean almostNone() {
        return low && free < floor / 2;
    }

    /** The answer to a change. */
    public static Problem problem() {
        return new Problem.Unavailable(UnavailableReason.DISK_NEARLY_FULL, RETRY);
    }
}
