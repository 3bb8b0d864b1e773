package org.contactsync.client.cli;

import java.io.IOException;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Erases the account. */
@Command(
        name = "erase",
        description = "Erases everything that the server has of you. It cannot be undone.",
        mixinStandardHelpOptions = true)
final class EraseCommand extends ServerCommand {
    @Option(names = "--yes", description = "Confirm that everything is to be erased.")
    private boolean confirmed;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        if (!confirmed) {
            throw new Complaint(
                    ExitCode.REFUSED,
                    "This erases your book, its history and everything else that the server has of you. To do it, add"
                            + " --yes.");
        }
        boolean whole = ask(client -> client.accountClient().erase());
        if (isJson()) {
            print(new JsonWriter()
                    .object()
                    .member("erased", true)
                    .member("complete", whole)
                    .end());
        } else {
            out().println(whole ? "Erased." : "Erased. The server is still removing the rest, which nobody can read.");
        }
        return ExitCode.OK;
    }
}
