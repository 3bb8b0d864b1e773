package org.contactsync.client.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Optional;
import org.contactsync.client.state.WholeFile;

/** Lets one process at a time work on a database. The system takes it back when the process ends in any way. */
public final class ProcessLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private ProcessLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Empty while somebody else has it. */
    public static Optional<ProcessLock> tryLock(Path file) throws IOException {
        FileChannel channel = WholeFile.openLock(file);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new ProcessLock(channel, lock));
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            // the same as held by another one
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
