package org.contactsync.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.contactsync.client.cli.file.AccountFile;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.Counted;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.state.WholeFile;
import org.contactsync.protocol.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes the account along. */
@Command(
        name = "export",
        description = {
            "Writes everything that the server has of you to a ZIP file: all of it, or nothing.",
            "",
            "It has your contacts as JSContact and as vCard, deleted contacts, earlier versions, the history and your devices."
        },
        mixinStandardHelpOptions = true)
final class AccountExportCommand extends ServerCommand {
    @Parameters(paramLabel = "FILE", description = "The file to write; only you can read it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path output;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        AccountFile account;
        try (WholeFile whole = WholeFile.begin(output)) {
            try (CommandProgress progress = progress()) {
                server().client(progress).accountClient().export(whole::restart);
            }
            account = AccountFile.verified(whole.unfinished());
            whole.finish();
        }
        if (isJson()) {
            print(new JsonWriter()
                    .object()
                    .member("file", output.toString())
                    .member("contacts", account.contacts())
                    .member("checkCode", account.checkCode().value())
                    .end());
        } else {
            out().println("Exported " + Counted.contacts(account.contacts()) + " and everything else. Check code "
                    + account.checkCode().value() + ".");
        }
        return ExitCode.OK;
    }
}
