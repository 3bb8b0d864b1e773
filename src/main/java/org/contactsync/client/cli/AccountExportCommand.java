package org.contactsync.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.contactsync.client.cli.file.AccountFile;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.state.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes the account along. */
@Command(
        name = "export",
        description = {
            "Writes everything that the server has of you to a ZIP file: all of it, or nothing.",
            "",
            "It has your contacts as JSContact and as vCard, deleted contacts, earlier versions, the history and your devices."
        },
        mixinStandardHelpOptions = true)
final class AccountExportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The file to write; only you can read it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private ServerOptions server;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        AccountFile account;
        try (WholeFile whole = WholeFile.begin(output)) {
            try (CommandProgress progress = server.progress(spec.commandLine().getErr())) {
                server.client(progress).accountClient().export(whole::restart);
            }
            account = AccountFile.verified(whole.unfinished());
            whole.finish();
        }
        spec.commandLine()
                .getOut()
                .println("Exported " + account.contacts() + " contacts and everything else. Check code "
                        + account.checkCode().value() + ".");
        return ExitCode.OK;
    }
}
