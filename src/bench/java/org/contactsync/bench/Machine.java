package org.contactsync.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Says on what a run was made. */
final class Machine {
    private static final int BLOCK = 8_192;
    private static final int SYNCS = 300;

    private Machine() {}

    static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    static void describe(Report report, Options options, Path directory) {
        report.line(String.format(
                Locale.ROOT,
                "Machine: %d × %s, %d MiB; Linux %s; %s; load before the run %s; forcing 8 KiB to the disk takes %s.",
                processors(),
                line("/proc/cpuinfo", "model name"),
                Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "")) / 1024,
                System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                first("/proc/loadavg"),
                sync(directory)));
        report.line("Versions: " + System.getProperty("bench.versions", "?") + ". Server heap " + options.heap() + ".");
        report.line("Seed " + options.seed() + ". Warm-up " + options.warmup().toSeconds() + " s, turns of "
                + options.seconds().toSeconds() + " s, " + options.rounds() + " rounds.");
        report.line("Command: `mvn -B -Pbench verify" + command() + "`");
        if (options.jfr()) {
            report.line("The server was recorded: these figures are of no use but to find where the time goes.");
        }
    }

    /** The options as they were given. */
    private static String command() {
        StringBuilder given = new StringBuilder();
        System.getProperties().stringPropertyNames().stream()
                .filter(name ->
                        name.startsWith("bench.") && !name.equals("bench.versions") && !name.equals("bench.directory"))
                .sorted()
                .forEach(name -> given.append(" -D").append(name).append('=').append(System.getProperty(name)));
        return given.toString();
    }

    private static String sync(Path directory) {
        Path file = directory.resolve("sync");
        Timings timings = new Timings();
        try (FileChannel channel = FileChannel.open(
                Files.createDirectories(directory).resolve("sync"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            for (int i = 0; i < SYNCS; i++) {
                long start = System.nanoTime();
                channel.write(ByteBuffer.allocate(BLOCK), (long) BLOCK * (i % 16));
                channel.force(false);
                timings.add(System.nanoTime() - start);
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return timings.p50() + " ms (p99 " + timings.p99() + " ms)";
    }

    private static String line(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String first(String file) {
        try {
            return Files.readString(Path.of(file)).split(" ")[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
