package org.contactsync.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.Locale;
import java.util.stream.Stream;

/** A service for one {@link World} after the other. At its end it says what repairs cost, and how much the chains have shown. */
final class Lab implements AutoCloseable {
    /** Fewer chains, as of a run that repeats one, say nothing. */
    private static final int MANY = 20;

    private static final double LEAST = 5;

    private final RepairTable table = new RepairTable();
    /** For how many contacts each chain has shown that they are not lost. */
    private final IntSummaryStatistics wanted = new IntSummaryStatistics();

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
        return new World(site, directory, table, wanted::accept);
    }

    @Override
    public void close() {
        System.out.println(table);
        System.out.printf(
                Locale.ROOT,
                "contacts that had to be there at the end: mean %.1f, %d to %d, of %d chains%n",
                wanted.getAverage(),
                wanted.getMin(),
                wanted.getMax(),
                wanted.getCount());
        site.close();
        deleteAll(directory);
        if (wanted.getCount() >= MANY) {
            assertThat(wanted.getAverage())
                    .as("contacts that had to be there at the end")
                    .isGreaterThan(LEAST);
        }
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
