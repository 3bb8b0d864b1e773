package org.contactsync.client.state;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes a file atomically: a new file next to the old one, synced to disk, then renamed over it. Only its owner can read it.
 * Nothing is written through a link: neither the file nor its unfinished copy may be one. For one thread at a time.
 */
public final class WholeFile implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private final Path file;
    private final Path unfinished;
    private final FileChannel channel;
    private boolean finished;

    private WholeFile(Path file, Path unfinished) throws IOException {
        this.file = file;
        this.unfinished = unfinished;
        requireNoOther(file);
        this.channel = FileChannel.open(
                unfinished,
                Set.<OpenOption>of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                readableByOwner(unfinished, OWNER_ONLY));
    }

    /**
     * Begins a file; it is there after {@link #finish}, and without that nothing has changed.
     *
     * @throws FileSystemException when there is a link, a directory or a device of that name
     */
    public static WholeFile begin(Path file) throws IOException {
        Path parent = parent(file);
        if (!Files.exists(parent)) {
            throw new NoSuchFileException(parent.toString());
        }
        if (!Files.isDirectory(parent)) {
            throw new NotDirectoryException(parent.toString());
        }
        // A name that nobody has: two runs may write side by side, and a file of the person's is never taken for a
        // left-over.
        String name = "." + file.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".part";
        return new WholeFile(file, parent.resolve(name));
    }

    /** Returns when the bytes are on the disk under that name. */
    public static void write(Path file, byte[] bytes) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished); // of a run that was killed
        try (WholeFile whole = new WholeFile(file, unfinished)) {
            whole.stream().write(bytes);
            whole.finish();
        }
    }

    /** Where the content goes; not buffered, and closed with this. */
    public OutputStream stream() {
        return Channels.newOutputStream(channel);
    }

    /** As {@link #stream}, after everything that was written so far has been removed. */
    public OutputStream restart() throws IOException {
        channel.truncate(0);
        return stream();
    }

    /** Where the content is until the file is finished. */
    public Path unfinished() {
        return unfinished;
    }

    /** Gives the file its name; returns when that is on the disk. */
    public void finish() throws IOException {
        channel.force(true);
        requireNoOther(file);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        finished = true;
        if (isPosix(file)) {
            try (FileChannel directory = FileChannel.open(parent(file), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /** What is not finished is removed. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!finished) {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Opens a file of the client's own directory for its lock; makes it when it is not there. */
    public static FileChannel openLock(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                readableByOwner(file, OWNER_ONLY));
    }

    /**
     * Makes a directory that only its owner may enter.
     *
     * @throws FileSystemException when it is there and others may write to it: they could plant a state in it
     */
    public static void makePrivateDirectory(Path directory) throws IOException {
        Path parent = parent(directory);
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(parent);
            Files.createDirectory(directory, readableByOwner(directory, OWNER_ONLY_DIRECTORY));
        } else if (isPosix(directory)) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new FileSystemException(
                        directory.toString(),
                        null,
                        "other users can write to this directory; run chmod 700 on it, or choose another one with --state");
            }
        }
    }

    private static void requireNoOther(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            String what = Files.isSymbolicLink(file)
                    ? "it is a symbolic link; name the file itself"
                    : Files.isDirectory(file) ? "it is a directory; name a file in it" : "it is not a regular file";
            throw new FileSystemException(file.toString(), null, what);
        }
    }

    private static FileAttribute<?>[] readableByOwner(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
