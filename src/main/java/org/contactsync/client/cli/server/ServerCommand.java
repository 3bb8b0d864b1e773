package org.contactsync.client.cli.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.protocol.json.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that talks to a server: what all of them have. For one run. */
@Command(mixinStandardHelpOptions = true, sortOptions = false)
public abstract class ServerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private ServerOptions server;

    @Option(names = "--json", order = ServerOptions.LAST, description = "Print the result as JSON, for a program.")
    private boolean json;

    /** Something to ask the server. */
    @FunctionalInterface
    public interface Request<T> {
        T ask(BookClient client) throws IOException, Complaint, ServerUnreachable, ServerRefusal;
    }

    @Override
    public abstract Integer call() throws IOException, Complaint, ServerUnreachable, ServerRefusal;

    /** Asks, and shows that it waits; nothing of that is left on the screen afterwards. */
    protected final <T> T ask(Request<T> request) throws IOException, Complaint, ServerUnreachable, ServerRefusal {
        try (CommandProgress progress = progress()) {
            return request.ask(server.client(progress));
        }
    }

    protected final CommandProgress progress() {
        return server.progress(err());
    }

    protected final ServerOptions server() {
        return server;
    }

    /** Whether the result is for a program. */
    protected final boolean isJson() {
        return json;
    }

    /** Prints the result for a program: one line. */
    protected final void print(JsonWriter result) {
        out().println(result.text());
    }

    /** For the result. */
    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** For what a person should know besides. */
    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
