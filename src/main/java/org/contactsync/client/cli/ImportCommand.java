package org.contactsync.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.client.cli.file.CharsetOption;
import org.contactsync.client.cli.file.FilePieces;
import org.contactsync.client.cli.file.NoteTexts;
import org.contactsync.client.cli.file.ReadableFile;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.Counted;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.FileClient;
import org.contactsync.protocol.Capabilities;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.outcome.ImportReport;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.ProblemException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Adds the contacts of a file to the server's book. */
@Command(
        name = "import",
        description = {
            "Adds the contacts of a file to the server's book: vCard (2.1, 3.0 or 4.0) or JSContact.",
            "",
            "A contact with the UID of one in the book replaces it; nothing is deleted. Contacts at fault are named, and the others are"
                    + " added. A contact without a UID replaces the one without a UID that has the same name. The server keeps what was"
                    + " replaced."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ImportCommand extends ServerCommand {
    private static final int MOST_BYTES = 1 << 28;
    private static final String VCARD = "text/vcard";
    private static final String JSCONTACT = "application/jscontact+json";

    @Parameters(paramLabel = "FILE", description = "The file to read; - for standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Mixin
    private CharsetOption charset = new CharsetOption();

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        byte[] bytes = ReadableFile.read(file, MOST_BYTES, ExitCode.BAD_FILE);
        Sum sum = new Sum(err());
        try (CommandProgress progress = progress()) {
            BookClient book = server().client(progress);
            Capabilities limits = book.capabilities();
            int most = limits.chunkBytes() / 2;
            if (FilePieces.isLarge(bytes, limits.chunkContacts(), most)) {
                FilePieces pieces = pieces(bytes, limits.chunkContacts(), most);
                sum.addFile(pieces.report());
                for (byte[] piece : pieces.pieces()) {
                    sum.addPiece(sum.send(book.fileClient(), JSCONTACT, piece));
                }
            } else {
                sum.addFile(sum.send(book.fileClient(), mediaType(bytes), bytes));
            }
        }
        if (isJson()) {
            print(sum.json());
        } else {
            out().println(sum);
        }
        return sum.refused > 0 ? ExitCode.REFUSED : ExitCode.OK;
    }

    private FilePieces pieces(byte[] bytes, int mostContacts, int mostBytes) throws Complaint {
        try {
            return FilePieces.of(bytes, charset.charset(), mostContacts, mostBytes);
        } catch (ProblemException e) {
            throw new Complaint(
                    ExitCode.BAD_FILE, file + ": " + SafeText.line(e.problem().detail()) + ".");
        }
    }

    private String mediaType(byte[] bytes) throws Complaint {
        return FilePieces.isJson(bytes)
                ? JSCONTACT
                : VCARD
                        + charset.charset()
                                .map(each -> ";charset=" + each.name())
                                .orElse("");
    }

    /** What came of the file, in one request or in several. */
    private static final class Sum {
        private final PrintWriter err;
        private long contacts;
        private long refused;
        private long changed;

        Sum(PrintWriter err) {
            this.err = err;
        }

        ImportReport send(FileClient files, String type, byte[] part) throws ServerUnreachable, ServerRefusal {
            FileClient.Accepted accepted = files.add(UUID.randomUUID(), type, part);
            ReceivedTask ended = files.await(accepted.task());
            if (ended.problem().isPresent()) {
                throw new ServerRefusal(ServerProblem.of(ended.problem().get()));
            }
            changed += ended.result().map(SyncResult::put).orElse(0L);
            return accepted.report();
        }

        void addFile(ImportReport report) {
            contacts += report.contacts();
            refused += report.refused();
            report.flaws().forEach(flaw -> refused(named(flaw.index(), flaw.uid()), flaw));
            report.notes()
                    .forEach(note -> err.println(
                            named(note.index(), note.uid()) + ": " + SafeText.line(NoteTexts.of(note.code()))));
        }

        /** Of contacts that were found to be right here: the server may be stricter. It does not know their places in the file. */
        void addPiece(ImportReport report) {
            refused += report.refused();
            report.flaws().forEach(flaw -> refused("contact " + named(flaw.uid()), flaw));
        }

        private void refused(String contact, ContactFlaw flaw) {
            err.println(contact + ": " + SafeText.line(flaw.flaw().detail()) + "; it was not imported");
        }

        private static String named(int index, Optional<String> uid) {
            return "contact " + (index + 1)
                    + uid.map(each -> " " + named(Optional.of(each))).orElse("");
        }

        private static String named(Optional<String> uid) {
            return uid.map(each -> "(" + SafeText.line(each) + ")").orElse("without UID");
        }

        JsonWriter json() {
            return new JsonWriter()
                    .object()
                    .member("contacts", contacts)
                    .member("changed", changed)
                    .member("refused", refused)
                    .end();
        }

        @Override
        public String toString() {
            return Counted.contacts(contacts) + " read, " + changed + " added or changed, " + refused + " not imported";
        }
    }
}
