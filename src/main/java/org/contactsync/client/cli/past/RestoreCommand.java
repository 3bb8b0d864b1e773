package org.contactsync.client.cli.past;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.Confirmation;
import org.contactsync.client.cli.terminal.Counted;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.cli.terminal.Times;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.HistoryClient;
import org.contactsync.client.remote.HistoryClient.Planned;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.RestorePreview;
import org.contactsync.protocol.json.HistoryJson;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.request.RestoreTarget;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings contacts, or the book, back. */
@Command(
        name = "restore",
        description = {
            "Puts deleted contacts back into the book, or makes the whole book what it was.",
            "",
            "Name contacts of the trash, or a state of the book with --seq, --code or --time. A restore is in the history itself and can"
                    + " be undone by another one. Before the whole book changes, you are asked; where there is no terminal, --yes is needed."
        })
public final class RestoreCommand extends ServerCommand {
    /** Each is a request; more of them are a state of the book. */
    private static final int MOST_CONTACTS = 100;

    private static final int MOST_UIDS = 20;

    @Parameters(arity = "0..*", paramLabel = "UID", description = "Deleted contacts to put back, as trash shows them.")
    private List<String> contacts = new ArrayList<>();

    @Option(
            names = "--seq",
            paramLabel = "SEQ",
            description =
                    "The book as it was after the change with this number, as history shows it; 0 is the empty book.")
    private @Nullable Long seq;

    @Option(names = "--code", paramLabel = "CODE", description = "The book as it was when it had this check code.")
    private @Nullable String code;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description =
                    "The book as it was at this time, such as 2026-11-22T10:15:30Z; a date, or a time without a zone, is one of"
                            + " this machine's time zone.")
    private @Nullable String time;

    @Option(names = "--dry-run", description = "Only show what would change.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask; needed where there is no terminal.")
    private boolean confirmed;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        long states = Stream.of(Optional.ofNullable(seq), Optional.ofNullable(code), Optional.ofNullable(time))
                .filter(Optional::isPresent)
                .count();
        if (states + (contacts.isEmpty() ? 0 : 1) != 1) {
            throw new Complaint(
                    ExitCode.USAGE, "Name either contacts of the trash, or one of --seq, --code and --time.");
        }
        return contacts.isEmpty() ? restoreBook() : restoreContacts();
    }

    private int restoreContacts() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (dryRun) {
            throw new Complaint(ExitCode.USAGE, "--dry-run is for a state of the book: --seq, --code or --time.");
        }
        Set<Uid> uids = new LinkedHashSet<>();
        for (String contact : contacts) {
            uids.add(UidArgument.of(contact));
        }
        if (uids.size() > MOST_CONTACTS) {
            throw new Complaint(ExitCode.USAGE, "At most " + MOST_CONTACTS + " contacts at once.");
        }
        Optional<SyncResult> last = ask(client -> {
            HistoryClient history = client.historyClient();
            Optional<SyncResult> result = Optional.empty();
            for (Uid uid : uids) {
                result = Optional.of(history.restore(UUID.randomUUID(), uid));
            }
            return result;
        });
        SyncResult result = last.orElseThrow();
        if (isJson()) {
            print(json(result));
        } else {
            out().println("Restored " + Counted.contacts(uids.size()) + ". Check code " + result.checkCode() + ".");
        }
        return ExitCode.OK;
    }

    private int restoreBook() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        RestoreTarget target = target();
        Planned planned = ask(client -> client.historyClient().preview(target));
        RestorePreview preview = planned.preview();
        if (dryRun) {
            show(preview);
            return ExitCode.OK;
        }
        if (preview.puts() == 0 && preview.deletes() == 0) {
            if (!isJson()) {
                out().println("The book is what it was then. Nothing was changed.");
            } else {
                print(new JsonWriter().raw(HistoryJson.of(preview)));
            }
            return ExitCode.OK;
        }
        if (!confirmed) {
            confirm(preview);
        }
        SyncResult result = ask(client -> client.historyClient().restore(UUID.randomUUID(), target, planned.now()));
        if (isJson()) {
            print(json(result));
        } else {
            out().println("The book is as it was after change " + preview.seq() + ": "
                    + Counted.contacts(result.count()) + ", check code " + result.checkCode() + ".");
        }
        return ExitCode.OK;
    }

    private void confirm(RestorePreview preview) throws IOException, Complaint {
        if (!Confirmation.isPossible()) {
            throw new Complaint(
                    ExitCode.REFUSED,
                    would(preview)
                            + " Nothing was changed, because there is no terminal to ask at. Restore it with --yes.");
        }
        if (!Confirmation.ask(err(), would(preview) + " Restore it?")) {
            throw new Complaint(ExitCode.REFUSED, "Nothing was changed.");
        }
    }

    private RestoreTarget target() throws Complaint {
        return new RestoreTarget(checkCode(), number(), instant(), false);
    }

    private OptionalLong number() throws Complaint {
        if (seq == null) {
            return OptionalLong.empty();
        }
        if (seq < 0) {
            throw new Complaint(ExitCode.USAGE, "--seq has to be a number of at least 0.");
        }
        return OptionalLong.of(seq);
    }

    private Optional<CheckCode> checkCode() throws Complaint {
        try {
            return Optional.ofNullable(code).map(CheckCode::new);
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, "A check code is ck1. and 43 characters, as history shows it.");
        }
    }

    private Optional<Instant> instant() throws Complaint {
        try {
            return Optional.ofNullable(time).map(Times::parse);
        } catch (DateTimeException e) {
            throw new Complaint(
                    ExitCode.USAGE, "--time has to look like 2026-11-22T10:15:30Z, 2026-11-22T10:15 or 2026-11-22.");
        }
    }

    private static String would(RestorePreview preview) {
        return "The book would be as it was after change " + preview.seq() + ": " + changes(preview) + ".";
    }

    private static String changes(RestorePreview preview) {
        return Counted.contacts(preview.puts()) + " added or changed, " + preview.deletes() + " deleted, "
                + preview.count() + " afterwards";
    }

    private void show(RestorePreview preview) {
        if (isJson()) {
            print(new JsonWriter().raw(HistoryJson.of(preview)));
            return;
        }
        out().println("After change " + preview.seq() + " the check code was " + preview.checkCode() + ". Restored: "
                + changes(preview) + ".");
        list("added or changed", preview.put());
        list("deleted", preview.deleted());
    }

    private void list(String what, List<Uid> uids) {
        uids.stream().limit(MOST_UIDS).forEach(uid -> out().println("  " + what + "  " + SafeText.line(uid.value())));
        if (uids.size() > MOST_UIDS) {
            out().println("  " + what + "  … (--json shows all)");
        }
    }

    private static JsonWriter json(SyncResult result) {
        return new JsonWriter()
                .object()
                .member("seq", result.seq())
                .member("checkCode", result.checkCode().value())
                .member("count", result.count())
                .member("put", result.put())
                .member("deleted", result.deleted())
                .end();
    }
}
