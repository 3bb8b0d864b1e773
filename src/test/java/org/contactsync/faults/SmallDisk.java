package org.contactsync.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of its own that can be filled to the last byte; needs the right to mount one. One thread at a time. */
final class SmallDisk implements AutoCloseable {
    /** What the database has at first, and some hundred MiB more. */
    private static final int MEBIBYTES = 220;

    private static final int BLOCK = 64 * 1024;
    private static final String LEFT = "ballast";

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** @throws NotPermitted where file systems may not be mounted */
    static SmallDisk at(Path directory) {
        return of(MEBIBYTES, directory);
    }

    /** @throws NotPermitted where file systems may not be mounted */
    static SmallDisk of(int mebibytes, Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> mount =
                List.of("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "contact-sync", directory.toString());
        if (Signals.run(mount) != 0) {
            throw new NotPermitted("a file system may not be mounted here (" + String.join(" ", mount) + ")");
        }
        return new SmallDisk(directory);
    }

    Path directory() {
        return directory;
    }

    /** Leaves no byte. */
    void fill() {
        byte[] block = new byte[BLOCK];
        for (int size = BLOCK; size > 0; size /= 2) {
            try (OutputStream out = Files.newOutputStream(directory.resolve("ballast-" + size))) {
                while (true) {
                    out.write(block, 0, size);
                }
            } catch (IOException e) {
                // Full, for blocks of this size.
            }
        }
    }

    /** Leaves so many bytes, to a block, by one file that grows or shrinks; others may write meanwhile. */
    void leave(long bytes) {
        byte[] block = new byte[BLOCK];
        try (RandomAccessFile ballast =
                new RandomAccessFile(directory.resolve(LEFT).toFile(), "rw")) {
            ballast.seek(ballast.length());
            while (usable() > bytes) {
                ballast.write(block);
            }
            while (usable() + BLOCK <= bytes && ballast.length() > 0) {
                ballast.setLength(Math.max(0, ballast.length() - BLOCK));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long usable() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    void free() {
        try {
            Files.deleteIfExists(directory.resolve(LEFT));
            for (int size = BLOCK; size > 0; size /= 2) {
                Files.deleteIfExists(directory.resolve("ballast-" + size));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Signals.run(List.of("umount", "--lazy", directory.toString()));
    }
}
