package org.contactsync.client.cli.book;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.cli.file.BookFormat;
import org.contactsync.client.cli.file.BookOutput;
import org.contactsync.client.cli.file.BookSink;
import org.contactsync.client.cli.file.VdirOutput;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
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
            description = "With --format vdir: delete the files of contacts that are not on the server.")
    private boolean delete;

    @Option(names = "--quiet", description = "No progress and no summary; errors only.")
    private boolean quiet;

    private @Nullable CheckCode wrongCode;
    private List<Path> others = List.of();

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (isJson() && output.equals(STANDARD_OUTPUT)) {
            throw new Complaint(ExitCode.USAGE, "--json tells what was written to a file: name one with --output.");
        }
        if (format == PullFormat.VDIR && output.equals(STANDARD_OUTPUT)) {
            throw new Complaint(ExitCode.USAGE, "--format vdir needs a folder: name it with --output.");
        }
        if (delete && format != PullFormat.VDIR) {
            throw new Complaint(ExitCode.USAGE, "--delete is for --format vdir.");
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
        tellOthers();
        Pulled book = pulled.get();
        if (isJson()) {
            print(new JsonWriter()
                    .object()
                    .member("file", output.toString())
                    .member("contacts", book.contacts())
                    .member("checkCode", book.checkCode().value())
                    .end());
        } else if (!quiet && !output.equals(STANDARD_OUTPUT)) {
            err().println(book.contacts() + " contacts, check code " + book.checkCode());
        }
        return ExitCode.OK;
    }

    private BookSink sink(SafeWriter out, BookHead head, Progress progress) throws IOException, Complaint {
        if (format == PullFormat.VDIR) {
            return VdirOutput.to(output, head, progress);
        }
        BookFormat file = format == PullFormat.JSON ? BookFormat.JSON : BookFormat.VCARD;
        return output.equals(STANDARD_OUTPUT)
                ? BookOutput.to(out, file, head, progress)
                : BookOutput.to(output, file, head, progress);
    }

    /** Contacts of the folder that are not on the server: nobody may have pushed them yet. */
    private void tellOthers() throws IOException {
        if (delete) {
            for (Path file : others) {
                Files.deleteIfExists(file);
            }
        } else if (!others.isEmpty()) {
            err().println(others.size() + (others.size() == 1 ? " contact" : " contacts")
                    + " of the folder, such as "
                    + SafeText.line(String.valueOf(others.get(0).getFileName()))
                    + ", not on the server: kept. --delete deletes such files.");
        }
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
            book.finish();
            if (book instanceof VdirOutput folder) {
                others = folder.others();
            }
            return Optional.of(new Pulled(book.contacts(), said.get()));
        } finally {
            progress.read();
        }
    }
}
