package org.contactsync.client.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output as UTF-8, which remembers why it could not be written: Java's own streams forget it, and a full disk would look like
 * success. Thread-safe.
 */
public final class StandardOutput {
    private final Watched watched = new Watched(new FileOutputStream(FileDescriptor.out));
    private final PrintWriter writer = new PrintWriter(new OutputStreamWriter(watched, StandardCharsets.UTF_8), true);

    public PrintWriter writer() {
        return writer;
    }

    /**
     * How the program ends: as the command did, unless its result was lost. Who closes a pipe, as {@code head} does, has had enough.
     *
     * @param exitCode of the command
     */
    public int end(int exitCode, PrintWriter err) {
        writer.flush();
        Optional<IOException> failure = watched.failure();
        if (failure.isEmpty() || isClosedPipe(failure.get())) {
            return exitCode;
        }
        err.println("The command is done, but its output cannot be written: "
                + SafeText.line(Failure.reason(failure.get())) + ".");
        return exitCode == ExitCode.OK ? ExitCode.FAILED : exitCode;
    }

    /** The reason is in the words of the system, perhaps in another language; a pipe has no other one. */
    private static boolean isClosedPipe(IOException failure) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException notOnThisSystem) {
            return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
        }
    }

    private static final class Watched extends OutputStream {
        private final OutputStream out;
        private @Nullable IOException failure;

        Watched(OutputStream out) {
            this.out = out;
        }

        synchronized Optional<IOException> failure() {
            return Optional.ofNullable(failure);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            if (failure != null) {
                throw failure;
            }
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
