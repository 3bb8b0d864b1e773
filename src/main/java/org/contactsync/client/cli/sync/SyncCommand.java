package org.contactsync.client.cli.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.contactsync.client.cli.folder.KeptFolder;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.device.SyncClient;
import org.contactsync.client.device.SyncOptions;
import org.contactsync.client.device.SyncReport;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.LocalDatabaseFailure;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps a folder and the server's book the same, in both directions, once. */
@Command(
        name = "sync",
        description = {
            "Makes a folder of vCards and the server's book the same, in both directions: what was changed, added or deleted on one"
                    + " side is done on the other.",
            "",
            "If a contact was changed on both sides, its changes are merged. If the same field was changed, the folder's value is kept"
                    + " unless --on-conflict says otherwise, and the other version is saved in a file. An edit wins over a deletion."
                    + " At the first time nothing is deleted: each side gets what it lacks. Use push and pull only for other folders."
        })
public final class SyncCommand extends FolderCommand {
    static final String PLACE =
            "A folder with a vCard in each file (vdir), or one .vcf file. A folder or file that is not there is made. Default: the one that"
                    + " is kept with this account.";

    /** The options of the library's task for a run that a person has agreed to. */
    private static final String CONFIRMED = "confirm-deletes";

    @Parameters(arity = "0..1", paramLabel = "FOLDER|FILE", description = PLACE)
    private @Nullable Path place;

    @Option(
            names = "--on-conflict",
            paramLabel = "folder|server",
            description =
                    "Whose value is kept if the same field of a contact was changed on both sides; default: folder.")
    private Side onConflict = Side.FOLDER;

    @Option(
            names = "--confirm-deletes",
            description = "Confirm that most of the contacts of one side, or all of them, are to be deleted.")
    private boolean confirmDeletes;

    @Option(
            names = "--begin-anew",
            description = "Forget what both sides had: delete nothing, and give each side what it lacks.")
    private boolean beginAnew;

    @Option(names = "--quiet", description = "No progress and no summary; errors and warnings only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (confirmDeletes && beginAnew) {
            throw new Complaint(ExitCode.USAGE, "--begin-anew deletes nothing: leave --confirm-deletes out.");
        }
        long started = System.nanoTime();
        Account account = server().account();
        KeptFolder kept = keptFolder(Optional.ofNullable(place), account);
        KeptFolder folder = beginAnew ? forget(kept) : kept;
        FolderBook book = FolderBook.at(folder.path()); // what it writes itself is no reason for another task
        SyncOptions options = options(onConflict).onRequestOnly();
        try (LibraryLog log = LibraryLog.on(err());
                SyncClient client = open(folder, account, book, options)) {
            SyncReport report = run(client, book, account);
            log.flush();
            ConflictCopies copies = new ConflictCopies(folders(), folder, Clock.systemUTC());
            tell(report, copies.take(client), Duration.ofNanos(System.nanoTime() - started));
            return ExitCode.OK;
        }
    }

    static SyncOptions options(Side winner) {
        return SyncOptions.USUAL.with(winner == Side.FOLDER ? SyncOptions.Winner.DEVICE : SyncOptions.Winner.SERVER);
    }

    private SyncReport run(SyncClient client, FolderBook book, Account account)
            throws IOException, Complaint, ServerRefusal {
        try (CommandProgress progress = quiet ? CommandProgress.QUIET : progress()) {
            OneRun run = new OneRun(progress, book, account.server());
            client.listen(run).start();
            CompletableFuture<SyncReport> report = confirmDeletes ? client.syncConfirmingDeletes() : client.sync();
            String options = confirmDeletes ? CONFIRMED : "";
            try {
                return run.await(client, report, options);
            } finally {
                if (confirmDeletes) {
                    endConsent(client);
                }
            }
        } catch (LocalDatabaseFailure e) {
            throw OneRun.unusable(e);
        }
    }

    /** A later run must not delete what was agreed to today. */
    private static void endConsent(SyncClient client) {
        try {
            client.unfinished().stream()
                    .filter(task -> task.options().equals(CONFIRMED))
                    .forEach(client::cancel);
        } catch (LocalDatabaseFailure e) {
            // the next client that is opened ends it
        }
    }

    private void tell(SyncReport report, Optional<ConflictCopies.Told> conflicts, Duration took) throws Complaint {
        if (isJson()) {
            JsonWriter json = new JsonWriter().object();
            Results.write(json, report, conflicts);
            print(json.member("milliseconds", took.toMillis()).end());
        } else if (!quiet) {
            Results.text(report, took).forEach(out()::println);
        }
        conflicts.ifPresent(told -> err().println(told.text()));
        Optional<String> question = Results.question(report.outcome());
        if (question.isPresent()) {
            throw new Complaint(ExitCode.REFUSED, question.get());
        }
    }
}
