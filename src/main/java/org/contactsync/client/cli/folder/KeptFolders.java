package org.contactsync.client.cli.folder;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.http.Account;
import org.contactsync.client.state.WholeFile;
import org.contactsync.protocol.json.BoundedJson;
import org.contactsync.protocol.json.JsonWriter;

/** The folders that are kept on this machine. For one thread at a time. */
public final class KeptFolders {
    private static final String NAME = "kept.json";

    private final Path stateDirectory;

    public KeptFolders(Path stateDirectory) {
        this.stateDirectory = stateDirectory;
    }

    /** What is kept at this path. */
    public Optional<KeptFolder> at(Path folder) throws IOException {
        return read(FolderState.of(stateDirectory, folder).resolve(NAME));
    }

    /** All that are kept the same as the book of this account, by their paths. */
    public List<KeptFolder> of(Account account) throws IOException {
        List<KeptFolder> found = new ArrayList<>();
        Path all = FolderState.all(stateDirectory);
        if (Files.isDirectory(all)) {
            try (DirectoryStream<Path> directories = Files.newDirectoryStream(all)) {
                for (Path directory : directories) {
                    read(directory.resolve(NAME))
                            .filter(each -> each.isOf(account))
                            .ifPresent(found::add);
                }
            }
        }
        found.sort(Comparator.comparing(KeptFolder::path));
        return found;
    }

    /** Where the databases of a folder are. */
    public Path directory(KeptFolder folder) throws IOException {
        return FolderState.of(stateDirectory, folder.path());
    }

    /** Remembers it; returns when it is on the disk. */
    public void keep(KeptFolder folder) throws IOException {
        Path directory = directory(folder);
        FolderState.makePrivate(directory);
        String json = new JsonWriter()
                .object()
                .member("path", folder.path().toString())
                .member("server", folder.server())
                .member("account", folder.account())
                .member("lastConflict", folder.lastConflict())
                .end()
                .text();
        WholeFile.write(directory.resolve(NAME), (json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** What {@code sync} keeps is written by it alone: two programs with two memories would undo each other's deletions. */
    public void refuseIfKept(Path folder, String command) throws IOException, Complaint {
        if (at(folder).isPresent()) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "contact-sync sync keeps " + folder
                            + " the same as the server's book, in both directions: run contact-sync sync " + folder
                            + " instead of " + command + ".");
        }
    }

    private static Optional<KeptFolder> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonObject json = BoundedJson.object(Files.readAllBytes(file));
            return Optional.of(new KeptFolder(
                    Path.of(json.getString("path")),
                    json.getString("server"),
                    json.getString("account"),
                    json.getJsonNumber("lastConflict").longValueExact()));
        } catch (JsonException | ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new IOException(
                    "The file " + file + " is damaged. Delete it, and sync the folder again: nothing is deleted.", e);
        }
    }
}
