package org.contactsync.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.contactsync.client.cli.file.CharsetOption;
import org.contactsync.client.cli.file.FilePieces;
import org.contactsync.client.cli.file.ReadableFile;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.FileClient;
import org.contactsync.protocol.Capabilities;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.vcard.UnreadableBook;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds the contacts of a file to the server's book. */
@Command(
        name = "import",
        description = {
            "Adds the contacts of a file to the server's book: vCard (2.1, 3.0 or 4.0) or JSContact.",
            "",
            "A contact with the UID of one in the book replaces it; nothing is deleted. Contacts at fault are named, and the others are"
                    + " added. The server keeps what was replaced."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ImportCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 1 << 28;
    private static final String VCARD = "text/vcard";
    private static final String JSCONTACT = "application/jscontact+json";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The file to read; - for standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Mixin
    private CharsetOption charset = new CharsetOption();

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private ServerOptions server;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        byte[] bytes = ReadableFile.read(file, MOST_BYTES, ExitCode.BAD_FILE);
        Sum sum = new Sum(spec.commandLine().getErr());
        try (CommandProgress progress = server.progress(spec.commandLine().getErr())) {
            BookClient book = server.client(progress);
            Capabilities limits = book.capabilities();
            int most = limits.chunkBytes() / 2;
            if (isJson(bytes)) {
                sum.add(book.fileClient(), JSCONTACT, bytes);
            } else if (FilePieces.isLarge(bytes, limits.chunkContacts(), most)) {
                FilePieces pieces = FilePieces.of(bytes, charset.charset(), limits.chunkContacts(), most);
                sum.note(pieces);
                for (byte[] piece : pieces.pieces()) {
                    sum.add(book.fileClient(), JSCONTACT, piece);
                }
            } else {
                String said =
                        charset.charset().map(each -> ";charset=" + each.name()).orElse("");
                sum.add(book.fileClient(), VCARD + said, bytes);
            }
        } catch (UnreadableBook e) {
            throw new Complaint(ExitCode.BAD_FILE, file + ": " + e.getMessage() + ".");
        }
        spec.commandLine().getOut().println(sum);
        return sum.refused > 0 ? ExitCode.REFUSED : ExitCode.OK;
    }

    /** What came of all pieces. */
    private static final class Sum {
        private final PrintWriter err;
        private long contacts;
        private long refused;
        private long changed;

        Sum(PrintWriter err) {
            this.err = err;
        }

        void add(FileClient files, String type, byte[] piece) throws ServerUnreachable, ServerRefusal {
            FileClient.Accepted accepted = files.add(UUID.randomUUID(), type, piece);
            ReceivedTask ended = files.await(accepted.task());
            if (ended.problem().isPresent()) {
                throw new ServerRefusal(ServerProblem.of(ended.problem().get()));
            }
            accepted.report()
                    .flaws()
                    .forEach(flaw -> err.println("contact " + (contacts + flaw.index() + 1)
                            + flaw.uid()
                                    .map(uid -> " (" + SafeText.line(uid) + ")")
                                    .orElse("") + ": "
                            + SafeText.line(flaw.flaw().detail()) + "; it was not imported"));
            accepted.report()
                    .notes()
                    .forEach(note -> err.println("contact " + (contacts + note.index() + 1)
                            + note.uid()
                                    .map(uid -> " (" + SafeText.line(uid) + ")")
                                    .orElse("") + ": "
                            + SafeText.line(note.code())));
            contacts += accepted.report().contacts();
            refused += accepted.report().refused();
            changed += ended.result().map(SyncResult::put).orElse(0L);
        }

        /** What was found when the file was read here. */
        void note(FilePieces pieces) {
            pieces.notices().forEach(notice -> err.println(SafeText.line(notice.toString())));
            refused += pieces.leftOut();
        }

        @Override
        public String toString() {
            return contacts + " contacts read, " + changed + " added or changed, " + refused + " not imported";
        }
    }

    private static boolean isJson(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '[' || b == '{';
            }
        }
        return false;
    }
}
