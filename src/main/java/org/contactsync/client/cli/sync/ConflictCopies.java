package org.contactsync.client.cli.sync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.contactsync.client.cli.file.CardName;
import org.contactsync.client.cli.folder.KeptFolder;
import org.contactsync.client.cli.folder.KeptFolders;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.local.ConflictCopy;
import org.contactsync.client.state.WholeFile;
import org.contactsync.protocol.json.JsonWriter;

/**
 * Hands the cards that gave way to a person: in a file, in the form that {@code push} reads, and once. The local database keeps them, too.
 * For one thread at a time.
 */
final class ConflictCopies {
    private static final int MOST_NAMES = 10;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final KeptFolders folders;
    private final Clock clock;
    private KeptFolder folder;

    ConflictCopies(KeptFolders folders, KeptFolder folder, Clock clock) {
        this.folders = folders;
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * What a person has to look at.
     *
     * @param file has the versions that gave way; only its owner can read it
     */
    record Told(List<ConflictCopy> copies, Path file) {
        /** In whole sentences, for the person at the terminal. */
        String text() {
            String names =
                    copies.stream().map(Told::name).distinct().limit(MOST_NAMES).collect(Collectors.joining(", "));
            return text(": " + names + (contacts() > MOST_NAMES ? ", …" : ""));
        }

        /** The same for what may be kept as a log. */
        String textWithoutNames() {
            return text("");
        }

        private long contacts() {
            return copies.stream().map(ConflictCopy::uid).distinct().count();
        }

        private String text(String names) {
            long contacts = contacts();
            boolean ofServer = copies.stream().noneMatch(ConflictCopy::ofPhone);
            boolean ofFolder = copies.stream().allMatch(ConflictCopy::ofPhone);
            String kept = ofServer
                    ? "This folder's version was kept"
                    : ofFolder ? "The server's version was kept" : "One was kept";
            return (contacts == 1 ? "1 contact was" : contacts + " contacts were") + " changed here and elsewhere"
                    + names + ". " + kept + "; the other one is in "
                    + SafeText.line(file.toString())
                    + ". If you want something of it, edit the contact and sync again.";
        }

        private static String name(ConflictCopy copy) {
            String name = CardName.of(copy.card());
            return SafeText.line(name.isEmpty() ? copy.uid().value() : name);
        }
    }

    /** The copies that nobody was told of yet, in a file that is on the disk. */
    Optional<Told> take(SyncClient client) throws IOException {
        List<ConflictCopy> copies = client.conflicts().stream()
                .filter(copy -> copy.id() > folder.lastConflict())
                .toList();
        if (copies.isEmpty()) {
            return Optional.empty();
        }
        Path file = folders.directory(folder).resolve("conflicts-" + TIME.format(clock.instant()) + ".json");
        JsonWriter json = new JsonWriter().array();
        copies.forEach(copy -> json.object()
                .member("uid", copy.uid().value())
                .name("card")
                .card(copy.card())
                .end());
        WholeFile.write(file, (json.endArray().text() + "\n").getBytes(StandardCharsets.UTF_8));
        folder = folder.toldUntil(
                copies.stream().mapToLong(ConflictCopy::id).max().orElseThrow());
        folders.keep(folder);
        return Optional.of(new Told(copies, file));
    }
}
