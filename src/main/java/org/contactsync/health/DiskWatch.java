package org.contactsync.health;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.contactsync.log.FailureLog;
import org.contactsync.queue.upkeep.DiskRoom;
import org.contactsync.settings.DiskFloor;
import org.jspecify.annotations.Nullable;

/**
 * Checks twice a second how much of the disk is free, in its own thread, so that a disk that does not answer delays nobody
 * else. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class DiskWatch {
    private static final Logger LOG = System.getLogger(DiskWatch.class.getName());
    private static final FailureLog FAILURES = FailureLog.of(DiskWatch.class);

    /** Much shorter than the time a server needs to write {@code DISK_FREE_MIN}. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** The directory of the embedded database; it may be a separate mount. */
    private static final String DATABASE = "h2";

    private DiskFloor floor;
    private DiskRoom room;

    @Resource
    private ManagedThreadFactory threads;

    private @Nullable ScheduledExecutorService looking;
    private @Nullable FileStore disk;
    private boolean failing;

    /** For the container's proxy. */
    protected DiskWatch() {}

    @Inject
    public DiskWatch(DiskFloor floor, DiskRoom room) {
        this.floor = floor;
        this.room = room;
    }

    /** The first check ends before the first request arrives. */
    synchronized void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        look();
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(threads);
        looking = executor;
        executor.scheduleWithFixedDelay(this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    synchronized void stop() {
        ScheduledExecutorService executor = looking;
        if (executor != null) {
            executor.shutdownNow();
        }
    }

    private void look() {
        try {
            FileStore known = disk;
            if (known == null) {
                Path database = floor.directory().resolve(DATABASE);
                known = Files.getFileStore(Files.isDirectory(database) ? database : floor.directory());
                disk = known;
            }
            record(known.getUsableSpace());
            failing = false;
        } catch (IOException | RuntimeException e) {
            disk = null;
            if (!failing) {
                failing = true;
                FAILURES.warning("free space of DATA_DIR not known; trying again", e);
            }
        }
    }

    private void record(long free) {
        if (!room.record(free)) {
            return;
        }
        if (room.low()) {
            LOG.log(
                    Level.WARNING,
                    "the disk is nearly full; changes are refused: free={0,number,#} DISK_FREE_MIN={1,number,#}",
                    free,
                    floor.bytes());
        } else {
            LOG.log(Level.INFO, "the disk has space again; changes are accepted: free={0,number,#}", free);
        }
    }
}
