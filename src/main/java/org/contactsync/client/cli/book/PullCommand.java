package org.contactsync.client.cli.book;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.cli.file.BookFormat;
import org.contactsync.client.cli.file.BookOutput;
import org.contactsync.client.cli.file.BookSink;
import org.contactsync.client.cli.file.VdirOutput;
import org.contactsync.client.cli.folder.FolderState;
import org.contactsync.client.cli.folder.KeptFolders;
import org.contactsync.client.cli.folder.PulledCards;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.Counted;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.compare.KnownBook;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.state.StateFile;
import org.contactsync.client.state.SyncState;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the server's book to a file. */
@Command(
        name = "pull",
        description = {
            "Writes the server's book to a file or to standard output: a consistent snapshot of all of it, or nothing.",
            "",
            "JSON is a list, [{\"uid\":…,\"card\":…}…] with JSContact cards (RFC 9553). push reads it again, and nothing is"
                    + " lost. vCard (version 4.0) is for other programs: what vCard has no property for is written"
                    + " as JSPROP (RFC 9555), which most programs do not show."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PullCommand extends ServerCommand {
    private static final int ATTEMPTS = 5;

    /** As the server's own rule (protocol 4.3.8): from this size on, deleting more than half needs a person. */
    private static final int GUARDED = 20;

    private static final Path STANDARD_OUTPUT = Path.of("-");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The file or folder to write; only you can read it. Default: - for standard output.")
    private Path output = STANDARD_OUTPUT;

    @Option(
            names = "--format",
            paramLabel = "json|vcard|vdir",
            description = "The format of the file; default: json. vdir is a folder with a vCard in each file.")
    private PullFormat format = PullFormat.JSON;

    @Option(
            names = "--delete",
            description = "With --format vdir: delete the files of contacts that are not on the server any more.")
    private boolean delete;

    @Option(
            names = "--confirm-deletes",
            description =
                    "With --delete: confirm that most of the folder's contacts, or all of them, are to be deleted.")
    private boolean confirmDeletes;

    @Option(
            names = "--overwrite",
            description =
                    "With --format vdir: also replace files that were changed here and not pushed, and with --delete"
                            + " also delete files that were never pushed.")
    private boolean overwrite;

    @Option(names = "--quiet", description = "No progress and no summary; errors only.")
    private boolean quiet;

    private @Nullable CheckCode wrongCode;
    private List<Path> gone = List.of();
    private List<Path> added = List.of();
    private List<Path> unsent = List.of();

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (isJson() && output.equals(STANDARD_OUTPUT)) {
            throw new Complaint(ExitCode.USAGE, "--json tells what was written to a file: name one with --output.");
        }
        if (format == PullFormat.VDIR && output.equals(STANDARD_OUTPUT)) {
            throw new Complaint(ExitCode.USAGE, "--format vdir needs a folder: name it with --output.");
        }
        if ((delete || overwrite) && format != PullFormat.VDIR) {
            throw new Complaint(ExitCode.USAGE, (delete ? "--delete" : "--overwrite") + " is only for --format vdir.");
        }
        if (!output.equals(STANDARD_OUTPUT)) {
            new KeptFolders(server().stateDirectory()).refuseIfKept(output, "pull");
        }
        SafeWriter out = (SafeWriter) out();
        Optional<Pulled> pulled = Optional.empty();
        try (CommandProgress progress = quiet ? CommandProgress.QUIET : progress()) {
            BookClient client = server().client(progress);
            for (int attempt = 1; attempt <= ATTEMPTS && pulled.isEmpty(); attempt++) {
                pulled = attempt(client, out, progress);
            }
        }
        if (pulled.isEmpty()) {
            throw new Complaint(
                    ExitCode.REFUSED,
                    wrongCode == null
                            ? "The book keeps changing. Pull again when the other devices have finished."
                            : "The server's list of contacts is incomplete: it does not match the check code of the"
                                    + " server. Nothing was written. Pull again.");
        }
        tellOfFolder();
        Pulled book = pulled.get();
        if (isJson()) {
            print(new JsonWriter()
                    .object()
                    .member("file", output.toString())
                    .member("contacts", book.contacts())
                    .member("checkCode", book.checkCode().value())
                    .member("kept", unsent.size())
                    .end());
        } else if (!quiet && !output.equals(STANDARD_OUTPUT)) {
            err().println(Counted.contacts(book.contacts()) + ", check code " + book.checkCode());
        }
        return unsent.isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private BookSink sink(SafeWriter out, BookHead head, Progress progress) throws IOException, Complaint {
        if (format == PullFormat.VDIR) {
            return VdirOutput.to(output, head, progress, knowledge());
        }
        BookFormat file = format == PullFormat.JSON ? BookFormat.JSON : BookFormat.VCARD;
        return output.equals(STANDARD_OUTPUT)
                ? BookOutput.to(out, file, head, progress)
                : BookOutput.to(output, file, head, progress);
    }

    /** What may be replaced: what the last pull left there, and what was pushed from here. */
    private VdirOutput.Knowledge knowledge() throws IOException, Complaint {
        Path state = server().stateDirectory();
        PulledCards pulled = PulledCards.of(FolderState.of(state, output));
        if (overwrite) {
            return new VdirOutput.Knowledge(pulled, (uid, card) -> true);
        }
        Optional<SyncState> pushed = StateFile.peek(state, server().account());
        return new VdirOutput.Knowledge(pulled, (uid, card) -> pushed.isPresent() && knows(pushed.get(), uid, card));
    }

    private static boolean knows(SyncState pushed, Uid uid, CanonicalCard card) {
        KnownBook.KnownContact contact = pushed.known().contacts().get(uid);
        ContentHash hash = pushed.codes().contentHash(card);
        return contact != null
                && (hash.equals(contact.onServer()) || Optional.of(hash).equals(contact.sent()));
    }

    /** An empty book may be a wrong server, another user, or an accident: as for a push, a person has to agree. */
    private void requireConfirmed(VdirOutput folder) throws Complaint {
        long deletes = folder.gone().size();
        long of = folder.contactsBefore();
        boolean most = deletes == of || (of >= GUARDED && 2 * deletes > of);
        if (delete && deletes > 0 && most && !confirmDeletes) {
            throw new Complaint(
                    ExitCode.REFUSED,
                    deletes + " of the " + of
                            + " contacts in the folder are not on the server any more, and would be deleted."
                            + " Nothing was changed. If that is right, pull again with --confirm-deletes.");
        }
    }

    private void tellOfFolder() {
        if (!delete && !gone.isEmpty()) {
            err().println(counted(gone) + " not on the server any more: kept. --delete deletes such files.");
        }
        if (!added.isEmpty()) {
            err().println(counted(added) + " not on the server: kept. Push the folder to add such contacts.");
        }
        if (!unsent.isEmpty()) {
            err().println(counted(unsent)
                    + " changed here and not pushed: kept, although the server has another version, or has deleted it. Push the"
                    + " folder first, or pull with --overwrite.");
        }
    }

    private static String counted(List<Path> files) {
        String name = SafeText.line(String.valueOf(files.get(0).getFileName()));
        return files.size() == 1
                ? "1 contact of the folder (" + name + ") is"
                : files.size() + " contacts of the folder, such as " + name + ", are";
    }

    private record Pulled(long contacts, CheckCode checkCode) {}

    /** Empty when the book changed while it was read, or its list does not have its check code; nothing was written then. */
    private Optional<Pulled> attempt(BookClient client, SafeWriter out, Progress progress)
            throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        BookHead head = client.book();
        try (BookSink book = sink(out, head, progress)) {
            Optional<CheckCode> said = client.eachContact(book);
            if (said.isEmpty()) {
                wrongCode = null;
                return Optional.empty();
            }
            if (!said.get().equals(book.checkCode())) {
                wrongCode = said.get();
                return Optional.empty();
            }
            if (book instanceof VdirOutput folder) {
                requireConfirmed(folder);
            }
            book.finish();
            if (book instanceof VdirOutput folder) {
                if (delete) {
                    folder.deleteGone();
                }
                gone = folder.gone();
                added = folder.added();
                unsent = folder.unsent();
            }
            return Optional.of(new Pulled(book.contacts(), said.get()));
        } finally {
            progress.read();
        }
    }
}
