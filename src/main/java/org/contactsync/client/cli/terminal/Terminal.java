package org.contactsync.client.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Tells whether input and output are a terminal, or a file or another program. */
public final class Terminal {
    /** Without its columns being known, the width that every terminal has. */
    private static final int USUAL_COLUMNS = 80;

    private static final int MOST_COLUMNS = 200;

    private Terminal() {}

    public static boolean isIn() {
        return is(0);
    }

    /** Whether text on standard output may have colours: a terminal shows it, and nobody asked for none (no-color.org). */
    public static boolean isColoured(Map<String, String> environment) {
        return isOut()
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    public static boolean isOut() {
        return is(1);
    }

    public static boolean isErr() {
        return is(2);
    }

    /** {@code System.console()} is there only when input and output both are terminals; Linux tells each by itself. */
    @SuppressWarnings(
            "SystemConsoleNull") // from Java 22 on it is there always: on other systems than Linux a bar is drawn then
    private static boolean is(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException notOnThisSystem) {
            return System.console() != null;
        }
    }

    public static int columns(Map<String, String> environment) {
        String stated = environment.getOrDefault("COLUMNS", "").strip().toLowerCase(Locale.ROOT);
        if (!stated.matches("[0-9]{2,4}")) {
            return USUAL_COLUMNS;
        }
        return Math.min(Integer.parseInt(stated), MOST_COLUMNS);
    }
}
