package org.contactsync.client.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.cli.terminal.Terminal;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.state.WholeFile;
import org.contactsync.protocol.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the server's book to a file for other programs. */
@Command(
        name = "export",
        description = {
            "Writes the server's book to a file that other programs read: all of it, or nothing.",
            "",
            "vcard is version 4.0, vcard3 version 3.0, which most phones and mail programs read, jscontact a list of Cards (RFC 9553)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ExportCommand extends ServerCommand {
    private static final Path STANDARD_OUTPUT = Path.of("-");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The file to write; only you can read it. Default: - for standard output.")
    private Path output = STANDARD_OUTPUT;

    @Option(
            names = "--format",
            paramLabel = "vcard|vcard3|jscontact",
            description = "The format of the file; default: vcard.")
    private ExportFormat format = ExportFormat.VCARD;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (isJson() && output.equals(STANDARD_OUTPUT)) {
            throw new Complaint(ExitCode.USAGE, "--json tells what was written to a file: name one with --output.");
        }
        byte[] file = ask(client -> client.fileClient().export(format.mediaType()));
        if (output.equals(STANDARD_OUTPUT)) {
            SafeWriter out = (SafeWriter) out();
            String text = new String(file, StandardCharsets.UTF_8);
            (Terminal.isOut() ? out : out.raw()).write(text);
            out.flush();
        } else {
            try (WholeFile whole = WholeFile.begin(output)) {
                OutputStream stream = whole.stream();
                stream.write(file);
                whole.finish();
            }
            if (isJson()) {
                print(new JsonWriter()
                        .object()
                        .member("file", output.toString())
                        .member("bytes", file.length)
                        .end());
            }
        }
        return ExitCode.OK;
    }
}
