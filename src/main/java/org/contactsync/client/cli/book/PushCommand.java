package org.contactsync.client.cli.book;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.client.PushOptions;
import org.contactsync.client.PushResult;
import org.contactsync.client.Synchroniser;
import org.contactsync.client.cli.file.BookFile;
import org.contactsync.client.cli.file.CharsetOption;
import org.contactsync.client.cli.folder.KeptFolders;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.compare.OnConflict;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.state.StateFile;
import org.contactsync.protocol.Priority;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a file to the server. */
@Command(
        name = "push",
        description = {
            "Sends the contacts of a file to the server: only what has changed since the last push.",
            "",
            "Afterwards every contact of the file is on the server. A contact that was in the file at the last push"
                    + " and is missing now is deleted there, unless another device has changed it. Contacts that this file never"
                    + " contained are kept and counted. A contact that only another device has changed stays as that device"
                    + " left it. A contact that was changed in both places gets the file's version, unless --on-conflict says"
                    + " otherwise; its name is shown, and the other version is saved in a file."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PushCommand extends ServerCommand {
    @Parameters(
            paramLabel = "FILE",
            description =
                    "vCards (2.1, 3.0, 4.0), JSON as written by pull, or a folder of .vcf files (vdir); - for standard input.")
    @SuppressWarnings("NullAway.Init") // required
    private Path file;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private CharsetOption charset;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Where to remember what was sent; default: contact-sync in $XDG_STATE_HOME or ~/.local/state.")
    private @Nullable Path state;

    @Option(
            names = "--replace",
            description =
                    "Replace the server's book with this file in a full upload: what other devices have added is deleted.")
    private boolean replace;

    @Option(
            names = "--on-conflict",
            paramLabel = "file|server|stop",
            description =
                    "What to do with a contact that was changed in this file and by another device: send the file's version"
                            + " and write the other one to conflicts-TIME.json next to the state (file, the default); keep the"
                            + " other device's version (server); send nothing and list the contacts (stop).")
    private OnConflict onConflict = OnConflict.FILE;

    @Option(names = "--confirm-deletes", description = "Confirm that most of the book, or all of it, is to be deleted.")
    private boolean confirmDeletes;

    @Option(
            names = "--begin-anew",
            description = "Send everything although the account was erased, or the server has lost its book.")
    private boolean beginAnew;

    @Option(names = "--dry-run", description = "Only show what would be done.")
    private boolean dryRun;

    @Option(
            names = "--background",
            description =
                    "Nobody is waiting for this push, for example if it runs on a schedule: the server runs waiting tasks of"
                            + " this device that a person has started first.")
    private boolean background;

    @Option(names = "--quiet", description = "No progress and no summary; errors and warnings only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        long started = System.nanoTime();
        PushOptions options = options();
        new KeptFolders(server().stateDirectory()).refuseIfKept(file, "push");
        BookFile book = BookFile.read(file, charset.charset());
        PrintWriter err = err();
        book.notices().forEach(notice -> err.println("Warning: " + SafeText.line(notice.toString())));
        PushResult result;
        try (CommandProgress progress = quiet ? CommandProgress.QUIET : progress()) {
            result = push(book, options, progress);
        }
        new PushReport(out(), err, book.labels(), onConflict, quiet, isJson())
                .tell(result, Duration.ofNanos(System.nanoTime() - started));
        return ExitCode.OK;
    }

    private PushResult push(BookFile book, PushOptions options, Progress progress)
            throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        BookClient client = server().client(progress);
        Optional<StateFile> held =
                StateFile.open(state == null ? server().stateDirectory() : state, server().account());
        if (held.isEmpty()) {
            throw new Complaint(
                    ExitCode.BUSY,
                    "Another contact-sync is working on this book. Wait until it has finished, then push again.");
        }
        try (StateFile stateFile = held.get()) {
            return new Synchroniser(client, stateFile, UUID::randomUUID, Clock.systemUTC(), progress)
                    .push(book.book(), options);
        }
    }

    private PushOptions options() throws Complaint {
        if (replace && onConflict == OnConflict.SERVER) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "--replace makes the server's book the same as the file, so --on-conflict=server cannot be used with it.");
        }
        return new PushOptions(
                replace,
                confirmDeletes,
                dryRun,
                beginAnew,
                onConflict,
                background ? Priority.BACKGROUND : Priority.USER);
    }
}
