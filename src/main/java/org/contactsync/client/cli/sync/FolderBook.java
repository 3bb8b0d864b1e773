package org.contactsync.client.cli.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.contactsync.client.addressbook.AddressBook;
import org.contactsync.client.addressbook.Edit;
import org.contactsync.client.addressbook.EditResult;
import org.contactsync.client.addressbook.PhoneChanges;
import org.contactsync.client.addressbook.VcardAddressBook;
import org.contactsync.client.addressbook.VdirAddressBook;
import org.contactsync.client.cli.terminal.Failure;
import org.jspecify.annotations.Nullable;

/** A folder or a file as an address book, which remembers why it could not be used: the library tells that it failed, not why. Thread-safe. */
final class FolderBook implements AddressBook {
    private static final String FILE = ".vcf";

    private final Path path;
    private final AddressBook book;
    private final boolean watched;
    private volatile @Nullable IOException failure;

    private FolderBook(Path path, AddressBook book, boolean watched) {
        this.path = path;
        this.book = book;
        this.watched = watched;
    }

    /** @param path a file if it is one, or is not there and has the name of one; otherwise a folder, which is made */
    static FolderBook at(Path path) throws IOException {
        return at(path, false);
    }

    /** The same, and it tells of changes. */
    static FolderBook watched(Path path) throws IOException {
        return at(path, true);
    }

    private static FolderBook at(Path path, boolean watched) throws IOException {
        return new FolderBook(path, isFile(path) ? new VcardAddressBook(path) : new VdirAddressBook(path), watched);
    }

    static boolean isFile(Path path) {
        return Files.isRegularFile(path)
                || (!Files.exists(path) && path.toString().endsWith(FILE));
    }

    /** Why it could not be used the last time; empty if it could. */
    Optional<String> failure() {
        return Optional.ofNullable(failure).map(Failure::reason);
    }

    /** The file that cannot be read, and why, if edits were not made because of it. */
    Optional<String> hindrance() {
        return book instanceof VdirAddressBook folder ? folder.hindrance().map(Failure::reason) : Optional.empty();
    }

    /** The folder may go away while it is watched: then it is not empty. */
    private void requireFolder() throws IOException {
        if (book instanceof VdirAddressBook && !Files.isDirectory(path)) {
            throw new IOException("There is no folder " + path + " any more.");
        }
    }

    @Override
    public Optional<String> identity() throws IOException {
        try {
            requireFolder();
            return book.identity();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public PhoneChanges changesSince(Optional<String> marker) throws IOException {
        try {
            requireFolder();
            PhoneChanges changes = book.changesSince(marker);
            failure = null;
            return changes;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public List<EditResult> write(List<Edit> edits) throws IOException {
        try {
            requireFolder();
            return book.write(edits);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public Watch watch(Runnable changed) throws IOException {
        return watched ? book.watch(changed) : () -> {};
    }
}
