package org.contactsync.client.cli.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.remote.Hashes;
import org.contactsync.client.state.WholeFile;
import org.contactsync.contact.Uid;

/**
 * What a folder showed of the server's book after the last pull: a file with another card was changed by somebody since then. Hashes only.
 * For one thread.
 */
public final class PulledCards {
    private static final String NAME = "pulled";
    private static final int HASH = 32;

    /** A line for each contact of more than twice the largest book of a server. */
    private static final long MOST_BYTES = 500_000L * (HASH + 1);

    private final Path directory;
    private final Set<String> before;
    private final Set<String> now = new TreeSet<>();

    private PulledCards(Path directory, Set<String> before) {
        this.directory = directory;
        this.before = before;
    }

    /** @param directory {@link FolderState#of}; made by {@link #save} */
    public static PulledCards of(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        boolean usable = Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES;
        return new PulledCards(
                directory, usable ? Set.copyOf(Files.readAllLines(file, StandardCharsets.US_ASCII)) : Set.of());
    }

    /** Whether the folder showed this after the last pull. */
    public boolean had(Uid uid, CanonicalCard card) {
        return before.contains(hash(uid, card));
    }

    /** The folder shows this now. */
    public void shows(Uid uid, CanonicalCard card) {
        now.add(hash(uid, card));
    }

    /** Returns when what the folder shows now is on the disk. */
    public void save() throws IOException {
        if (now.equals(before)) {
            return;
        }
        FolderState.makePrivate(directory);
        WholeFile.write(directory.resolve(NAME), (String.join("\n", now) + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(Uid uid, CanonicalCard card) {
        byte[] name = uid.utf8();
        byte[] bytes = new byte[name.length + 1 + card.utf8().length];
        System.arraycopy(name, 0, bytes, 0, name.length);
        System.arraycopy(card.utf8(), 0, bytes, name.length + 1, card.utf8().length);
        return Hashes.sha256Hex(bytes).substring(0, HASH);
    }
}
