package org.contactsync.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the server as a child process and exits with its exit code. Under Maven it therefore ends Maven, which would otherwise add lines
 * about a failed build after those of the server.
 */
public final class ForegroundServer {
    private static final String SERVER = "contact-sync";

    /** Longer than the server waits for running work when it stops ({@code stopTimeout}). */
    private static final long STOP_SECONDS = 45;

    private ForegroundServer() {}

    /** @param args the folder of the server, and the data directory where {@code DATA_DIR} is not set */
    public static void main(String[] args) throws IOException, InterruptedException {
        Process server = start(Path.of(args[0]), Path.of(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "contact-sync stopping"));
        System.exit(server.waitFor());
    }

    static Process start(Path home, Path data) throws IOException {
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        Path script = home.resolve("bin").resolve(windows ? "server.bat" : "server");
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "run", SERVER).inheritIO();
        builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
        builder.environment().putIfAbsent("DATA_DIR", data.toAbsolutePath().toString());
        return builder.start();
    }

    /** Ctrl-C also reaches the server directly; a signal to this process alone does not. */
    private static void end(Process server) {
        Stream.concat(server.descendants(), Stream.of(server.toHandle())).forEach(ProcessHandle::destroy);
        try {
            server.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
