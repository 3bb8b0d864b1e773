package org.contactsync.client;

import jakarta.json.JsonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * One account's state on disk, held by one process at a time. A save is whole or not at all: it is written beside the old
 * one, forced to the disk, and renamed over it. For one thread at a time; close it to let others in.
 *
 * <p>The file holds the check key and hashes of contacts, no contact data and no token.
 */
public final class StateFile implements AutoCloseable {
    private final Path file;
    private final FileChannel lockChannel;
    private final FileLock lock;
    private Optional<SyncState> onDisk = Optional.empty();

    private StateFile(Path file, FileChannel lockChannel, FileLock lock) {
        this.file = file;
        this.lockChannel = lockChannel;
        this.lock = lock;
    }

    /**
     * Opens the state of an account, making the directory when it is not there.
     *
     * @return empty while another process holds it: at most one sync task of an account runs at a time
     */
    public static Optional<StateFile> open(Path directory, Account account) throws IOException {
        Files.createDirectories(directory);
        String name = Hashes.sha256Hex(account.identity().getBytes(StandardCharsets.UTF_8))
                .substring(0, 32);
        FileChannel channel = FileChannel.open(
                directory.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new StateFile(directory.resolve(name + ".json"), channel, lock));
    }

    /**
     * The saved state; empty at the first run.
     *
     * @throws IOException when it cannot be read; the message names the file, which may be deleted: the client then compares with
     *     the server and deletes nothing
     */
    Optional<SyncState> load() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            onDisk = Optional.of(StateJson.read(Files.readAllBytes(file)));
            return onDisk;
        } catch (JsonException | IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new IOException(
                    "the state in " + file + " is damaged; delete it and push again (nothing is deleted on the server)",
                    e);
        }
    }

    /** Keeps the state; returns when it is on the disk. A state that is there already costs nothing. */
    void save(SyncState state) {
        if (onDisk.equals(Optional.of(state))) {
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(next);
            create(next);
            try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(StateJson.write(state).getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory();
            onDisk = Optional.of(state);
        } catch (IOException e) {
            throw new UncheckedIOException("the state cannot be saved in " + file, e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockChannel.close();
    }

    private static void create(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
    }

    private void forceDirectory() throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Path directory = file.toAbsolutePath().getParent();
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
