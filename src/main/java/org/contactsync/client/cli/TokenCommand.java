package org.contactsync.client.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.http.DevelopmentTokens;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a development token. */
@Command(
        name = "token",
        description = "Prints a development token; a production server does not issue such tokens.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TokenCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--user", required = true, paramLabel = "NAME", description = "The user of the token.")
    @SuppressWarnings("NullAway.Init") // required
    private String user;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private ServerOptions server;

    @Override
    public Integer call() throws Complaint, ServerUnreachable, ServerRefusal {
        Optional<String> token = ask();
        if (token.isEmpty()) {
            throw new Complaint(
                    ExitCode.REFUSED, "This server does not issue development tokens. Ask its operator for a token.");
        }
        spec.commandLine().getOut().println(SafeText.line(token.get()));
        return ExitCode.OK;
    }

    private Optional<String> ask() throws Complaint, ServerUnreachable, ServerRefusal {
        try {
            return DevelopmentTokens.ask(server.server(), user);
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
