package org.contactsync.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.contactsync.it.TcpProxy;

/** A {@link TcpProxy} in a process of its own, in another network namespace. One thread at a time. */
final class Relay implements AutoCloseable {
    private final Process process;

    /**
     * Starts it.
     *
     * @param inside put before the command
     * @param address where it listens there
     * @param port of the address, and of the loopback interface that connections go to
     */
    Relay(List<String> inside, String address, int port) {
        List<String> command = new ArrayList<>(inside);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Relay.class.getName(),
                address,
                Integer.toString(port)));
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        TcpProxy proxy = TcpProxy.at(arguments[0], port, "localhost", port);
        // With its parent's end it ends too: a test that was killed leaves nothing.
        ProcessHandle.current().parent().orElseThrow().onExit().get();
        proxy.close();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
