package org.contactsync.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.client.PushOptions;
import org.contactsync.client.PushResult;
import org.contactsync.client.PushResult.Agreed;
import org.contactsync.client.PushResult.Conflicting;
import org.contactsync.client.PushResult.Disagreed;
import org.contactsync.client.PushResult.NeedsConfirmation;
import org.contactsync.client.PushResult.Planned;
import org.contactsync.client.PushResult.Refused;
import org.contactsync.client.PushResult.Summary;
import org.contactsync.client.Synchroniser;
import org.contactsync.client.cli.file.BookFile;
import org.contactsync.client.cli.file.CharsetOption;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.Failure;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.compare.OnConflict;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.state.StateFile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.problem.ProblemType;
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
final class PushCommand extends ServerCommand {
    /** More names than this do not help anybody. */
    private static final int MOST_NAMES = 20;

    @Parameters(
            paramLabel = "FILE",
            description = "vCards (2.1, 3.0, 4.0), or JSON as written by pull; - for standard input.")
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
        BookFile book = BookFile.read(file, charset.charset());
        PrintWriter err = err();
        book.notices().forEach(notice -> err.println("Warning: " + SafeText.line(notice.toString())));
        PushResult result;
        try (CommandProgress progress = quiet ? CommandProgress.QUIET : progress()) {
            result = push(book, options, progress);
        }
        return tell(result, book, Duration.ofNanos(System.nanoTime() - started));
    }

    private PushResult push(BookFile book, PushOptions options, Progress progress)
            throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        BookClient client = server().client(progress);
        Optional<StateFile> held = StateFile.open(state == null ? server().stateDirectory() : state, server().account());
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

    private int tell(PushResult result, BookFile book, Duration took) throws Complaint {
        if (result instanceof Agreed agreed) {
            tellConflicts(agreed.summary(), book);
            tellSummary("", agreed.summary(), book, took);
            return ExitCode.OK;
        }
        if (result instanceof Planned planned) {
            tellConflicts(planned.summary(), book);
            tellSummary("Would be ", planned.summary(), book, took);
            return ExitCode.OK;
        }
        if (result instanceof NeedsConfirmation question) {
            throw new Complaint(
                    ExitCode.REFUSED,
                    "Nothing was changed: " + question.deletes() + " of the " + question.count()
                            + " contacts on the server would be deleted. If this is intended, push again with"
                            + " --confirm-deletes.");
        }
        if (result instanceof Conflicting conflicting) {
            throw new Complaint(
                    ExitCode.REFUSED,
                    "Nothing was sent: " + counted(conflicting.contacts()) + " changed here and elsewhere: "
                            + names(conflicting.contacts(), book)
                            + " Push again with --on-conflict=file or --on-conflict=server.");
        }
        if (result instanceof Refused refused) {
            throw new Complaint(
                    Failure.exitCode(refused.problem()),
                    Failure.refusal(refused.problem()),
                    faulty(refused.problem(), book));
        }
        Disagreed disagreed = (Disagreed) result;
        throw new Complaint(
                ExitCode.REFUSED,
                "The books differ even after a full upload: the server has " + disagreed.server()
                        + ", this client computed " + disagreed.own()
                        + ". Push again when no other device is syncing. If this"
                        + " happens again, report it with both codes.");
    }

    /** On standard error, also when the command is quiet: a person must know of an edit that is not in the book. */
    private void tellConflicts(Summary summary, BookFile book) {
        if (summary.conflicts().isEmpty()) {
            return;
        }
        String version = onConflict == OnConflict.FILE ? "this file's" : "the server's";
        err()
                .println(counted(summary.conflicts()) + " changed here and elsewhere; " + version + " version "
                        + (dryRun ? "would be" : "was") + " kept: " + names(summary.conflicts(), book)
                        + summary.overwritten()
                                .map(file -> " The other version is in " + SafeText.line(file.toString()) + ".")
                                .orElse(""));
    }

    private static String counted(List<Uid> contacts) {
        return contacts.size() == 1 ? "1 contact was" : contacts.size() + " contacts were";
    }

    private void tellSummary(String would, Summary summary, BookFile book, Duration took) {
        if (quiet) {
            return;
        }
        PrintWriter out = out();
        out.println(would + "added " + summary.added() + ", changed " + summary.changed() + ", deleted "
                + summary.deleted() + ", unchanged " + summary.unchanged() + ".");
        if (summary.unknown() > 0) {
            out.println(summary.unknown() + " contacts on the server are not in this file; they are kept.");
        }
        if (!summary.theirs().isEmpty()) {
            out.println(summary.theirs().size()
                    + " contacts were changed by another device and stay as they are: "
                    + names(summary.theirs(), book));
        }
        out.println("Check code " + summary.checkCode() + ", " + way(summary) + ", " + summary.requests()
                + (summary.requests() == 1 ? " request, " : " requests, ")
                + String.format(Locale.ROOT, "%.1f s.", took.toMillis() / 1000.0));
    }

    private static String way(Summary summary) {
        return switch (summary.way()) {
            case NOTHING -> "nothing sent";
            case ONE_REQUEST -> "sent in one request";
            case CHUNKS -> "sent in chunks";
            case REPLACE -> "sent as a full upload";
        };
    }

    private static String names(List<Uid> contacts, BookFile book) {
        String names = String.join(
                ", ",
                contacts.stream()
                        .limit(MOST_NAMES)
                        .map(uid -> SafeText.line(book.labels().getOrDefault(uid, uid.value())))
                        .toList());
        return names + (contacts.size() > MOST_NAMES ? ", …" : ".");
    }

    private static List<String> faulty(ServerProblem problem, BookFile book) {
        return problem.contacts().stream()
                .limit(MOST_NAMES)
                .map(contact -> "  " + label(contact.uid(), book) + ": "
                        + (problem.is(ProblemType.SYNC_LOOP) ? "also changed by the device " : contact.pointer() + " ")
                        + contact.detail())
                .toList();
    }

    private static String label(String uid, BookFile book) {
        return book.labels().entrySet().stream()
                .filter(entry -> entry.getKey().value().equals(uid))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(uid);
    }
}
