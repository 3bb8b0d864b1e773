package org.contactsync.client.cli.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;

/**
 * Explains an error to the user in whole sentences without class names, and chooses the exit code.
 *
 * @param lines the first says what is wrong and what to do; others are details of it
 */
public record Failure(int exitCode, List<String> lines) {
    public Failure {
        lines = lines.stream().map(SafeText::line).toList();
    }

    private static Failure of(int exitCode, String line) {
        return new Failure(exitCode, List.of(line));
    }

    public static Failure of(Throwable e) {
        if (e instanceof Complaint complaint) {
            List<String> lines = new ArrayList<>(List.of(String.valueOf(complaint.getMessage())));
            lines.addAll(complaint.details());
            return new Failure(complaint.exitCode(), lines);
        }
        if (e instanceof ServerUnreachable) {
            return of(
                    ExitCode.UNREACHABLE,
                    e.getMessage()
                            + ". Check that the server is running and that --server is correct, then run the same command again:"
                            + " it continues where it stopped.");
        }
        if (e instanceof ServerRefusal refusal) {
            return of(exitCode(refusal.problem()), refusal(refusal.problem()));
        }
        if (e instanceof UncheckedIOException failure) {
            String reason =
                    Optional.ofNullable(failure.getCause()).map(Failure::reason).orElse("a file failed");
            return of(ExitCode.FAILED, failure.getMessage() + ": " + reason + ".");
        }
        if (e instanceof IOException failure) {
            return of(ExitCode.FAILED, sentence(reason(failure)));
        }
        if (e instanceof OutOfMemoryError) {
            return of(
                    ExitCode.FAILED,
                    "There is not enough memory for this book. Give more with CONTACT_SYNC_JAVA_OPTS=-Xmx2g (the start"
                            + " script), or with java -Xmx2g -jar.");
        }
        return of(
                ExitCode.FAILED,
                "An unexpected error occurred. Run the command again with --verbose and report the output.");
    }

    public static int exitCode(ServerProblem problem) {
        return problem.status() == 401 ? ExitCode.UNAUTHORIZED : ExitCode.REFUSED;
    }

    public static String refusal(ServerProblem problem) {
        return (problem.isOfService() ? "The server refused. " : "") + problem;
    }

    /** Java's exceptions about files often say the file's name and no more. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return "there is no file or folder " + missing.getFile();
        }
        if (e instanceof AccessDeniedException denied) {
            return "you do not have permission for " + denied.getFile();
        }
        if (e instanceof NotDirectoryException file) {
            return file.getFile() + " is not a folder";
        }
        if (e instanceof FileSystemException other) {
            String reason = other.getReason();
            return other.getFile() + " cannot be used" + (reason == null ? "" : ": " + reason);
        }
        String message = e.getMessage();
        return message == null || message.isBlank() ? "a file or the network failed" : message;
    }

    private static String sentence(String text) {
        String begun = text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return begun.endsWith(".") || begun.endsWith("?") ? begun : begun + ".";
    }
}
