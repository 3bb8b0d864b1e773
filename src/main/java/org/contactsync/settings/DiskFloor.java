package org.contactsync.settings;

import java.nio.file.Path;

/**
 * How much of the data directory's disk must stay free.
 *
 * @param directory {@code DATA_DIR}
 * @param bytes {@code DISK_FREE_MIN}; 0 for no limit, also if the database is not on this disk
 */
public record DiskFloor(Path directory, long bytes) {
    public DiskFloor {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: at least 0");
        }
    }
}
