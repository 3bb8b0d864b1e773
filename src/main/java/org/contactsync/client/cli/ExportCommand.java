package org.contactsync.client.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.contactsync.client.cli.folder.KeptFolders;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.cli.terminal.Terminal;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.state.WholeFile;
import org.contactsync.protocol.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The file to write; only you can read it. Default: - for standard output.")
    private @Nullable Path file;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The same: another way to name the file.")
    private @Nullable Path output;

    @Option(
            names = "--format",
            paramLabel = "vcard|vcard3|jscontact",
            description = "The format of the file; default: vcard.")
    private ExportFormat format = ExportFormat.VCARD;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (file != null && output != null) {
            throw new Complaint(ExitCode.USAGE, "Name the file once: either FILE or --output FILE.");
        }
        return export(file != null ? file : output != null ? output : STANDARD_OUTPUT);
    }

    private int export(Path to) throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (isJson() && to.equals(STANDARD_OUTPUT)) {
            throw new Complaint(ExitCode.USAGE, "--json tells what was written to a file: name one.");
        }
        if (!to.equals(STANDARD_OUTPUT)) {
            new KeptFolders(server().stateDirectory()).refuseIfKept(to, "export");
        }
        byte[] bytes = ask(client -> client.fileClient().export(format.mediaType()));
        if (to.equals(STANDARD_OUTPUT)) {
            SafeWriter out = (SafeWriter) out();
            String text = new String(bytes, StandardCharsets.UTF_8);
            (Terminal.isOut() ? out : out.raw()).write(text);
            out.flush();
        } else {
            try (WholeFile whole = WholeFile.begin(to)) {
                OutputStream stream = whole.stream();
                stream.write(bytes);
                whole.finish();
            }
            if (isJson()) {
                print(new JsonWriter()
                        .object()
                        .member("file", to.toString())
                        .member("bytes", bytes.length)
                        .end());
            }
        }
        return ExitCode.OK;
    }
}
