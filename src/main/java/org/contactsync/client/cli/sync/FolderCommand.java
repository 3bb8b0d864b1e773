package org.contactsync.client.cli.sync;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.contactsync.client.addressbook.AddressBook;
import org.contactsync.client.cli.folder.FolderState;
import org.contactsync.client.cli.folder.KeptFolder;
import org.contactsync.client.cli.folder.KeptFolders;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.device.SyncOptions;
import org.contactsync.client.http.Account;
import org.contactsync.client.local.LocalDatabaseFailure;
import org.contactsync.client.local.ProcessLock;

/** A command that works with folders which are kept in both directions. For one run. */
abstract class FolderCommand extends ServerCommand {
    private static final String LOCK = ".db.lock";

    protected final KeptFolders folders() {
        return new KeptFolders(server().stateDirectory());
    }

    /** The folder that is named, or else the only one of the account; remembered from now on. */
    protected final KeptFolder keptFolder(Optional<Path> named, Account account) throws IOException, Complaint {
        if (named.isEmpty()) {
            return only(account);
        }
        Path path = FolderState.real(named.get());
        Optional<KeptFolder> known = folders().at(path);
        if (known.isPresent()) {
            return usable(known.get(), account);
        }
        Path parent = path.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new Complaint(ExitCode.BAD_FILE, "There is no folder " + parent + " in which to keep contacts.");
        }
        KeptFolder folder = KeptFolder.of(path, account);
        folders().keep(folder);
        return folder;
    }

    private KeptFolder only(Account account) throws IOException, Complaint {
        List<KeptFolder> all = folders().of(account);
        if (all.isEmpty()) {
            throw new Complaint(
                    ExitCode.USAGE, "Name the folder to keep the same as the server's book, such as ~/contacts.");
        }
        if (all.size() > 1) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "Several folders are kept with this account. Name one: "
                            + all.stream().map(each -> each.path().toString()).collect(Collectors.joining(", ")) + ".");
        }
        return usable(all.get(0), account);
    }

    private KeptFolder usable(KeptFolder folder, Account account) throws IOException, Complaint {
        Path path = folder.path();
        if (!folder.isOf(account)) {
            throw new Complaint(
                    ExitCode.USAGE,
                    path + " is kept the same as the book of another account, on " + folder.server()
                            + ". Name another folder. If this folder is to belong to this account, delete "
                            + folders().directory(folder) + " first.");
        }
        if (!Files.exists(path) && !FolderBook.isFile(path)) {
            throw new Complaint(
                    ExitCode.BAD_FILE,
                    "There is no folder " + path
                            + " any more. If it is on a disk that is not there, connect it. If it is to be"
                            + " filled again, make an empty folder, and sync with --begin-anew.");
        }
        return folder;
    }

    /** With a token that is renewed. The account of {@code first} until a renewal works. */
    protected final SyncClient open(KeptFolder folder, Account first, AddressBook book, SyncOptions options)
            throws IOException, Complaint {
        Path directory = folders().directory(folder);
        FolderState.makePrivate(directory);
        try {
            return SyncClient.open(new Renewed(first), book, directory, options);
        } catch (LocalDatabaseFailure e) {
            throw new Complaint(ExitCode.FAILED, e.getMessage() + " It is in " + directory + ".");
        }
    }

    /**
     * Forgets what both sides had: the next sync deletes nothing, and each side gets what it lacks.
     *
     * @return the folder from now on: the conflict copies are counted anew
     */
    protected final KeptFolder forget(KeptFolder folder) throws IOException, Complaint {
        Path directory = folders().directory(folder);
        if (!Files.isDirectory(directory)) {
            return folder;
        }
        KeptFolder anew = folder.toldUntil(0);
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.db*")) {
            all.forEach(files::add);
        }
        for (Path file : files) {
            if (file.toString().endsWith(LOCK)) {
                try (ProcessLock lock = ProcessLock.tryLock(file).orElseThrow(FolderCommand::busy)) {
                    folders().keep(anew);
                    String database =
                            file.toString().substring(0, file.toString().length() - ".lock".length());
                    for (String end : List.of("", "-wal", "-shm")) {
                        Files.deleteIfExists(Path.of(database + end));
                    }
                }
            }
        }
        return anew;
    }

    private static Complaint busy() {
        return new Complaint(
                ExitCode.BUSY,
                "Another contact-sync, such as watch, works on this folder. End it first, then run this again.");
    }

    /** Asks for the account again each time, so that its token can be renewed; keeps the last one that could be had. */
    private final class Renewed implements Supplier<Account> {
        private Account last;

        Renewed(Account first) {
            this.last = first;
        }

        @Override
        public synchronized Account get() {
            try {
                last = server().account();
            } catch (IOException | Complaint notNow) {
                // the server will say what is wrong with the old one
            }
            return last;
        }
    }
}
