package org.contactsync.client.cli.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.contactsync.client.cli.folder.KeptFolder;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.http.Account;
import org.contactsync.client.queue.QueuedTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps a folder and the server's book the same until it is ended. */
@Command(
        name = "watch",
        description = {
            "Keeps a folder of vCards and the server's book the same, in both directions, until you end it with Ctrl-C: like sync, whenever"
                    + " something changes on either side.",
            "",
            "It prints a line for each thing that happens. If the server is away, it goes on when the server is back. Several may run on"
                    + " one folder: one works, and another one takes over when it ends. What is unfinished when it ends goes on with the"
                    + " next watch or sync."
        })
public final class WatchCommand extends FolderCommand {
    @Parameters(arity = "0..1", paramLabel = "FOLDER|FILE", description = SyncCommand.PLACE)
    private @Nullable Path place;

    @Option(
            names = "--on-conflict",
            paramLabel = "folder|server",
            description =
                    "Whose value is kept if the same field of a contact was changed on both sides; default: folder.")
    private Side onConflict = Side.FOLDER;

    @Override
    public Integer call() throws IOException, Complaint {
        Account account = server().account();
        KeptFolder folder = keptFolder(Optional.ofNullable(place), account);
        FolderBook book = FolderBook.watched(folder.path());
        try (Ending ending = Ending.prepared();
                LibraryLog log = LibraryLog.on(err());
                SyncClient client = open(folder, account, book, SyncCommand.options(onConflict))) {
            ConflictCopies copies = new ConflictCopies(folders(), folder, Clock.systemUTC());
            EventLines lines = new EventLines(out(), isJson(), Clock.systemUTC(), book, client, copies);
            if (isJson()) {
                lines.print(
                        lines.begin("watching").member("folder", folder.path().toString()));
            } else {
                lines.line("Watching " + folder.path() + " and " + account.server() + ". End it with Ctrl-C.");
            }
            client.listen(lines).start();
            ending.await(() -> out().checkError() || client.error().isPresent());
            log.flush();
            if (client.error().isPresent()) {
                throw new IllegalStateException(
                        "the client has ended", client.error().get());
            }
            List<QueuedTask> unfinished = client.unfinished();
            client.close();
            if (isJson()) {
                lines.print(lines.begin("ended").member("unfinished", unfinished.size()));
            } else {
                lines.line(unfinished.isEmpty() ? "Ended. Nothing is unfinished." : unfinished(unfinished));
            }
            return ExitCode.OK;
        }
    }

    private static String unfinished(List<QueuedTask> tasks) {
        return "Ended. " + (tasks.size() == 1 ? "1 task is" : tasks.size() + " tasks are")
                + " unfinished, and will go on with the next watch or sync; contact-sync queue shows more.";
    }
}
