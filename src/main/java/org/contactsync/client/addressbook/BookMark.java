package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.client.state.WholeFile;

/** A hidden file beside contacts in files: which book they are, wherever they are copied to. */
final class BookMark {
    private static final long MOST_BYTES = 100;

    private BookMark() {}

    /** What the file says; it is made if it is not there. Empty if it cannot be made: the place is read-only. */
    static Optional<String> at(Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) <= MOST_BYTES) {
            String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (!text.isEmpty()) {
                return Optional.of(text);
            }
        }
        String made = UUID.randomUUID().toString();
        try {
            WholeFile.write(file, (made + "\n").getBytes(StandardCharsets.US_ASCII));
            return Optional.of(made);
        } catch (AccessDeniedException | ReadOnlyFileSystemException readOnly) {
            return Optional.empty();
        }
    }
}
