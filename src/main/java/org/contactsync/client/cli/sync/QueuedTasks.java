package org.contactsync.client.cli.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.client.addressbook.MemoryAddressBook;
import org.contactsync.client.cli.folder.KeptFolder;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.device.SyncOptions;
import org.contactsync.client.http.Account;
import org.contactsync.client.queue.QueuedTask;

/** A command about tasks that are not finished. For one run. */
abstract class QueuedTasks extends FolderCommand {
    static final String WHICH = "The folder or file; default: all that are kept with this account.";

    /** A task of a folder. */
    record Unfinished(KeptFolder folder, QueuedTask task) {}

    /** In the order in which they will run, folder by folder. */
    protected final List<Unfinished> unfinished(Optional<Path> named) throws IOException, Complaint {
        Account account = server().account();
        List<Unfinished> all = new ArrayList<>();
        for (KeptFolder folder : which(named, account)) {
            try (SyncClient client = opened(folder, account)) {
                client.unfinished().forEach(task -> all.add(new Unfinished(folder, task)));
            }
        }
        return all;
    }

    /** Only to look into it: nothing is begun. */
    protected final SyncClient opened(KeptFolder folder, Account account) throws IOException, Complaint {
        return open(folder, account, new MemoryAddressBook(), SyncOptions.USUAL.onRequestOnly());
    }

    private List<KeptFolder> which(Optional<Path> named, Account account) throws IOException, Complaint {
        if (named.isEmpty()) {
            return folders().of(account);
        }
        return List.of(folders()
                .at(named.get())
                .filter(each -> each.isOf(account))
                .orElseThrow(() -> new Complaint(
                        ExitCode.USAGE, named.get() + " is not kept with this account; sync or watch begins it.")));
    }
}
