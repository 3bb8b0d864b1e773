package org.contactsync.client.cli.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.contactsync.client.remote.Hashes;
import org.contactsync.client.state.WholeFile;

/** Where this program keeps what it remembers of a folder, or of a file, of contacts. */
public final class FolderState {
    private static final String ALL = "folders";
    private static final int NAME = 32;

    private FolderState() {}

    /** Below this there is a directory for each. */
    public static Path all(Path stateDirectory) {
        return stateDirectory.resolve(ALL);
    }

    /** The directory of one; it may not be there yet. */
    public static Path of(Path stateDirectory, Path folder) throws IOException {
        String name = Hashes.sha256Hex(real(folder).toString().getBytes(StandardCharsets.UTF_8));
        return all(stateDirectory).resolve(name.substring(0, NAME));
    }

    /** Makes a directory of {@link #of} and those of this program that it is in, for their owner only. */
    public static void makePrivate(Path directory) throws IOException {
        Path all = directory.toAbsolutePath().getParent();
        if (all != null) {
            Path state = all.getParent();
            if (state != null) {
                WholeFile.makePrivateDirectory(state);
            }
            WholeFile.makePrivateDirectory(all);
        }
        WholeFile.makePrivateDirectory(directory);
    }

    /** The one path of a folder that has several; also of one that is not there. */
    public static Path real(Path folder) throws IOException {
        if (Files.exists(folder)) {
            return folder.toRealPath();
        }
        Path absolute = folder.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        return parent == null || name == null || !Files.exists(parent)
                ? absolute
                : parent.toRealPath().resolve(name);
    }
}
