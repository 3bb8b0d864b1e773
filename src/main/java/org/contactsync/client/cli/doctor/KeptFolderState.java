package org.contactsync.client.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.cli.folder.KeptFolder;
import org.contactsync.client.cli.folder.KeptFolders;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.device.SyncOptions;
import org.contactsync.client.http.Account;
import org.contactsync.client.local.LocalDatabaseFailure;
import org.contactsync.client.queue.QueuedTask;

/** Looks at the folders that are kept in both directions, and at what is unfinished. For one run. */
final class KeptFolderState {
    private static final String FOLDER = "folder";

    private final KeptFolders folders;
    private final Account account;

    KeptFolderState(Path stateDirectory, Account account) {
        this.folders = new KeptFolders(stateDirectory);
        this.account = account;
    }

    /** Empty if there are no such folders. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        try {
            for (KeptFolder folder : folders.of(account)) {
                findings.add(finding(folder));
            }
        } catch (IOException e) {
            findings.add(unreadable(String.valueOf(e.getMessage())));
        }
        return findings;
    }

    private Finding finding(KeptFolder folder) throws IOException {
        if (!Files.exists(folder.path())) {
            return Finding.warning(
                    FOLDER, folder.path() + ": it is not there", "If it is on a disk that is not there, connect it.");
        }
        try (SyncClient client = SyncClient.open(
                () -> account, new MemoryAddressBook(), folders.directory(folder), SyncOptions.USUAL.onRequestOnly())) {
            List<QueuedTask> tasks = client.unfinished();
            return tasks.isEmpty()
                    ? Finding.ok(FOLDER, folder.path() + ": nothing is unfinished")
                    : Finding.warning(
                            FOLDER,
                            folder.path() + ": " + tasks.size() + " unfinished"
                                    + tasks.get(0)
                                            .reason()
                                            .map(reason -> ", last failure " + reason)
                                            .orElse(""),
                            "Sync again, unless a watch is running; contact-sync queue shows the tasks.");
        } catch (LocalDatabaseFailure e) {
            return unreadable(folder.path() + ": " + e.getMessage());
        }
    }

    private static Finding unreadable(String text) {
        return Finding.bad(
                FOLDER,
                text,
                "Sync with --begin-anew: it deletes nothing, and each side gets what it lacks.",
                ExitCode.FAILED);
    }
}
