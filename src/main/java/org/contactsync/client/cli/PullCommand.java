package org.contactsync.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.cli.file.BookFormat;
import org.contactsync.client.cli.file.BookOutput;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
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
final class PullCommand extends ServerCommand {
    private static final int ATTEMPTS = 5;
    private static final Path STANDARD_OUTPUT = Path.of("-");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The file to write; only you can read it. Default: - for standard output.")
    private Path output = STANDARD_OUTPUT;

    @Option(names = "--format", paramLabel = "json|vcard", description = "The format of the file; default: json.")
    private BookFormat format = BookFormat.JSON;

    @Option(names = "--quiet", description = "No progress and no summary; errors only.")
    private boolean quiet;

    private @Nullable CheckCode wrongCode;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (isJson() && output.equals(STANDARD_OUTPUT)) {
            throw new Complaint(
                    ExitCode.USAGE, "--json tells what was written to a file: name one with --output.");
        }
        SafeWriter out = (SafeWriter) out();
        Optional<Pulled> pulled = Optional.empty();
        try (CommandProgress progress = quiet
                ? CommandProgress.QUIET
                : progress()) {
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

    private record Pulled(long contacts, CheckCode checkCode) {}

    /** Empty when the book changed while it was read, or its list does not have its check code; nothing was written then. */
    private Optional<Pulled> attempt(BookClient client, SafeWriter out, Progress progress)
            throws IOException, ServerUnreachable, ServerRefusal {
        BookHead head = client.book();
        try (BookOutput book = output.equals(STANDARD_OUTPUT)
                ? BookOutput.to(out, format, head, progress)
                : BookOutput.to(output, format, head, progress)) {
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
            return Optional.of(new Pulled(book.contacts(), said.get()));
        } finally {
            progress.read();
        }
    }
}
