package org.contactsync.client.cli;

import java.io.IOException;
import java.util.Optional;
import org.contactsync.client.cli.server.ServerCommand;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.SafeText;
import org.contactsync.client.http.DevelopmentTokens;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints a development token. */
@Command(
        name = "token",
        description = "Prints a development token; a production server does not issue such tokens.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TokenCommand extends ServerCommand {
    @Option(names = "--user", required = true, paramLabel = "NAME", description = "The user of the token.")
    @SuppressWarnings("NullAway.Init") // required
    private String user;

    @Override
    public Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        Optional<String> token = ask();
        if (token.isEmpty()) {
            throw new Complaint(
                    ExitCode.REFUSED, "This server does not issue development tokens. Ask its operator for a token.");
        }
        if (isJson()) {
            print(new JsonWriter().object().member("token", token.get()).end());
        } else {
            out().println(SafeText.line(token.get()));
        }
        return ExitCode.OK;
    }

    private Optional<String> ask() throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        try {
            return DevelopmentTokens.ask(server().server(), user);
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
