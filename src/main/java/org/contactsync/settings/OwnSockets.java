package org.contactsync.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the ports on which this process listens, on Linux. */
public final class OwnSockets {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
    private static final String LISTENING = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private OwnSockets() {}

    /** Whether this process listens on the port; also true if that is unknown, because the system is not Linux. */
    public static boolean listenOn(int port) {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return true;
        }
        Set<String> sockets = new HashSet<>();
        String ending = String.format(Locale.ROOT, ":%04X", port);
        for (Path table : TABLES) {
            try (Stream<String> lines = Files.lines(table)) {
                lines.map(line -> line.strip().split("\\s+"))
                        .filter(columns -> columns.length > INODE
                                && columns[LOCAL].endsWith(ending)
                                && columns[STATE].equals(LISTENING))
                        .forEach(columns -> sockets.add("socket:[" + columns[INODE] + "]"));
            } catch (IOException e) {
                // A machine without IPv6 has only one of them.
            }
        }
        return !sockets.isEmpty() && holdsOne(sockets);
    }

    private static boolean holdsOne(Set<String> sockets) {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.anyMatch(descriptor -> {
                try {
                    return sockets.contains(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // Closed meanwhile.
                    return false;
                }
            });
        } catch (IOException e) {
            return true;
        }
    }
}
