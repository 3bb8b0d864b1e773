package org.contactsync.client.state;

import jakarta.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.contactsync.client.http.Account;
import org.contactsync.client.remote.Hashes;

/**
 * One account's state on disk, held by one process at a time. A save is atomic ({@link WholeFile}). For one thread at a time;
 * close it to let others in.
 *
 * <p>The file contains the check key and hashes of contacts, but no contact data and no token.
 */
public final class StateFile implements AutoCloseable {
    /** A book of 200,000 contacts with the longest uids is some 100 MB. */
    private static final int MOST_BYTES = 256 << 20;

    private final Path directory;
    private final Path file;
    private final FileChannel lockChannel;
    private final FileLock lock;
    private Optional<SyncState> onDisk = Optional.empty();

    private StateFile(Path directory, String name, FileChannel lockChannel, FileLock lock) {
        this.directory = directory;
        this.file = directory.resolve(name + ".json");
        this.lockChannel = lockChannel;
        this.lock = lock;
    }

    /**
     * Opens the state of an account, making the directory when it is not there: only its owner may enter it.
     *
     * @return empty while another process holds it: at most one sync task of an account runs at a time
     */
    public static Optional<StateFile> open(Path directory, Account account) throws IOException {
        WholeFile.makePrivateDirectory(directory);
        String name = name(account);
        FileChannel channel = WholeFile.openLock(directory.resolve(name + ".lock"));
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
        return Optional.of(new StateFile(directory, name, channel, lock));
    }

    private static String name(Account account) {
        return Hashes.sha256Hex(account.identity().getBytes(StandardCharsets.UTF_8))
                .substring(0, 32);
    }

    /**
     * The saved state; empty at the first run.
     *
     * @throws IOException when it cannot be read; the message names the file, which may be deleted: the client then compares with
     *     the server and deletes nothing
     */
    public Optional<SyncState> load() throws IOException {
        Optional<SyncState> loaded = load(file);
        if (loaded.isPresent()) {
            onDisk = loaded;
        }
        return loaded;
    }

    /**
     * The saved state of an account as it is at this moment, also while another process holds it; nothing is made or changed.
     *
     * @throws IOException as {@link #load()}
     */
    public static Optional<SyncState> peek(Path directory, Account account) throws IOException {
        return load(directory.resolve(name(account) + ".json"));
    }

    /** Whether another process holds the state of an account. */
    public static boolean isHeld(Path directory, Account account) throws IOException {
        if (!Files.exists(directory.resolve(name(account) + ".lock"))) {
            return false;
        }
        Optional<StateFile> opened = open(directory, account);
        if (opened.isPresent()) {
            opened.get().close();
        }
        return opened.isEmpty();
    }

    private static Optional<SyncState> load(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException("state: at most " + MOST_BYTES + " bytes");
            }
            return Optional.of(StateJson.read(bytes));
        } catch (JsonException | IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new IOException(
                    "The state in " + file + " is damaged. Delete it and push again: nothing is deleted on the server.",
                    e);
        }
    }

    /** Where the state is, and what belongs to it. */
    public Path directory() {
        return directory;
    }

    /** Keeps the state; returns when it is on the disk. A state that is there already costs nothing. */
    public void save(SyncState state) {
        if (onDisk.equals(Optional.of(state))) {
            return;
        }
        try {
            WholeFile.write(file, StateJson.write(state).getBytes(StandardCharsets.UTF_8));
            onDisk = Optional.of(state);
        } catch (IOException e) {
            throw new UncheckedIOException("The state cannot be saved in " + file, e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockChannel.close();
    }
}
