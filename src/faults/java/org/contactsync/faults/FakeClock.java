package org.contactsync.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The wall clock of one process, by libfaketime (Debian: {@code apt-get install libfaketime}); {@code -Dfaults.libfaketime=}
 * names the library when it is elsewhere. What measures durations is left alone. One thread at a time.
 */
final class FakeClock {
    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

    private final Path library;
    private final Path file;

    private FakeClock(Path library, Path file) {
        this.library = library;
        this.file = file;
    }

    /**
     * A clock that is right.
     *
     * @param directory for a file of its own
     * @throws NotPermitted where there is no libfaketime
     */
    static FakeClock in(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        FakeClock clock = new FakeClock(library(), directory.resolve("clock").toAbsolutePath());
        clock.jumpTo(Duration.ZERO);
        return clock;
    }

    /** What the process needs in its environment. */
    Map<String, String> environment() {
        // Without the last one every timed wait of a Java virtual machine ends at once (libfaketime 0.9.10, glibc
        // 2.36).
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                "FAKETIME_NO_CACHE",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    /** How far from the right time it is from now on. */
    void jumpTo(Duration offset) {
        try {
            Path next = file.resolveSibling("clock.new");
            Files.writeString(next, "%+d\n".formatted(offset.toSeconds()));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path library() {
        String named = System.getProperty("faults.libfaketime", "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        try (Stream<Path> directories = Files.list(Path.of("/usr/lib"))) {
            List<Path> found = directories
                    .map(each -> each.resolve(LIBRARY))
                    .filter(Files::exists)
                    .toList();
            if (!found.isEmpty()) {
                return Objects.requireNonNull(found.get(0));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new NotPermitted("libfaketime is not installed (Debian: apt-get install libfaketime)");
    }
}
