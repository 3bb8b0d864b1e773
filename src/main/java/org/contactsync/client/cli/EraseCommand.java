package org.contactsync.client.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Erases the account. */
@Command(
        name = "erase",
        description = "Erases everything that the server has of you. It cannot be undone.",
        mixinStandardHelpOptions = true)
final class EraseCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private ServerOptions server;

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
        boolean whole;
        try (CommandProgress progress = server.progress(spec.commandLine().getErr())) {
            whole = server.client(progress).accountClient().erase();
        }
        spec.commandLine()
                .getOut()
                .println(whole ? "Erased." : "Erased. The server is still removing the rest, which nobody can read.");
        return ExitCode.OK;
    }
}
