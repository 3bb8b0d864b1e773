package org.contactsync.client.addressbook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Which files of a folder are as this book has left them: that they have changed is no news. Thread-safe. */
final class OwnWrites {
    private static final String GONE = "";

    private final Path folder;
    private final Map<String, String> left = new HashMap<>();

    /** A change of a file. */
    interface Change {
        void make() throws IOException;
    }

    OwnWrites(Path folder) {
        this.folder = folder;
    }

    /** Makes a change; nobody asks whose it is until it is over. */
    synchronized void make(String file, Change change) throws IOException {
        change.make();
        left.put(file, stamp(file));
    }

    /** Whether somebody else has changed the file since this book did, if it did. */
    synchronized boolean isForeign(String file) {
        try {
            boolean own = stamp(file).equals(left.get(file));
            if (!own) {
                left.remove(file);
            }
            return !own;
        } catch (IOException cannotBeTold) {
            return true;
        }
    }

    private String stamp(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? CardFile.stamp(file) : GONE;
    }
}
