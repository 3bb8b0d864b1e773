package org.contactsync.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A service for one {@link World} after the other. At its end it says what repairs cost. */
final class Lab implements AutoCloseable {
    private final RepairTable table = new RepairTable();
    private final Site site;
    private final Path directory;

    Lab(Site site) {
        this.site = site;
        try {
            directory = Files.createTempDirectory("devices");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Devices of a user whom the service has never seen. */
    World world() {
        return new World(site, directory, table);
    }

    @Override
    public void close() {
        System.out.println(table);
        site.close();
        deleteAll(directory);
    }

    static void deleteAll(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
