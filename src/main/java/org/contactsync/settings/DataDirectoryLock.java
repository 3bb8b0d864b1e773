package org.contactsync.settings;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;

/**
 * Prevents a second process from using a directory with an embedded database until this process ends. The database has its own
 * lock, but that is noticed only when the database is opened. Thread-safe.
 */
final class DataDirectoryLock {
    private static final String FILE = "in-use.lock";

    /** Belongs to the process, not to the application, which may be started again in the same process. */
    private static final Properties OF_PROCESS = System.getProperties();

    private DataDirectoryLock() {}

    /**
     * Locks the directory for this process.
     *
     * @return false if another process has locked it
     */
    static boolean take(Path directory) throws IOException {
        String key = DataDirectoryLock.class.getName() + " " + directory;
        synchronized (OF_PROCESS) {
            // If the file were opened twice and closed once, it would lose its lock.
            if (OF_PROCESS.get(key) != null) {
                return true;
            }
            FileChannel channel =
                    FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return false;
            }
            OF_PROCESS.put(key, lock);
            return true;
        }
    }
}
