package org.contactsync.client.cli.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.Failure;

/** Reads a file named by the user, up to a maximum size, and explains why it cannot be read. */
public final class ReadableFile {
    /** Standard input. */
    static final Path STANDARD_INPUT = Path.of("-");

    private ReadableFile() {}

    /**
     * All bytes of a file, a pipe or, for {@code -}, standard input.
     *
     * @param exitCode how the program ends when it cannot be read
     */
    public static byte[] read(Path file, int most, int exitCode) throws Complaint, IOException {
        if (Files.isDirectory(file)) {
            throw new Complaint(exitCode, file + " is a folder. Name a file in it.");
        }
        byte[] bytes;
        try (InputStream in = file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(file)) {
            bytes = in.readNBytes(most + 1);
        } catch (NoSuchFileException e) {
            throw new Complaint(exitCode, "There is no file " + file + ".");
        } catch (AccessDeniedException e) {
            throw new Complaint(exitCode, "You have no permission to read " + file + ".");
        } catch (IOException e) {
            throw new Complaint(exitCode, file + " cannot be read: " + Failure.reason(e) + ".");
        }
        if (bytes.length > most) {
            throw new Complaint(exitCode, name(file) + " has more than " + size(most) + ", and that is the most here.");
        }
        return bytes;
    }

    static String name(Path file) {
        return file.equals(STANDARD_INPUT) ? "Standard input" : file.toString();
    }

    private static String size(int bytes) {
        return bytes >= 1 << 20
                ? String.format(Locale.ROOT, "%,d MiB", bytes >> 20)
                : String.format(Locale.ROOT, "%,d KiB", bytes >> 10);
    }
}
