package org.contactsync.client.cli.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.contactsync.client.cli.file.ReadableFile;
import org.contactsync.client.cli.terminal.BarProgress;
import org.contactsync.client.cli.terminal.CommandProgress;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.PlainProgress;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.cli.terminal.Terminal;
import org.contactsync.client.http.Account;
import org.contactsync.client.http.Pause;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.RetryPolicy;
import org.contactsync.client.remote.BookClient;
import org.contactsync.protocol.DeviceId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the server and the user. For one command. */
public final class ServerOptions {
    /** Where an option stands in a help: behind those of the command itself. */
    static final int LAST = 1_000;

    public static final String TOKEN = "CONTACT_SYNC_TOKEN";
    public static final String SERVER = "CONTACT_SYNC_SERVER";
    private static final String DEFAULT_SERVER = "http://localhost:9080";

    private static final int LONGEST_TOKEN_FILE = 64 << 10;

    private final Map<String, String> environment;

    @Option(
            order = LAST,
            names = "--server",
            paramLabel = "URL",
            description = "Address of the server; default: $" + SERVER + " or " + DEFAULT_SERVER + ".")
    private @Nullable String server;

    /** Not taken any more, and its value never printed. */
    @Option(order = LAST, names = "--token", hidden = true, arity = "0..1")
    private @Nullable String tokenInArguments;

    @Option(
            order = LAST,
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file that holds your access token; default: the token in $" + TOKEN + ".")
    private @Nullable Path tokenFile;

    @Option(order = LAST, names = "--device", paramLabel = "NAME", description = "The name of this device, at most 64 characters.")
    private @Nullable String device;

    public ServerOptions(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    public URI server() throws Complaint {
        String address = server != null ? server : environment.getOrDefault(SERVER, DEFAULT_SERVER);
        try {
            return URI.create(address.strip());
        } catch (IllegalArgumentException e) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "The server's address has to look like https://contacts.example.com, not " + address + ".");
        }
    }

    public Account account() throws Complaint, IOException {
        try {
            return new Account(server(), token(), Optional.ofNullable(device).map(DeviceId::new));
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /** What a person sees while the command works: a bar on a terminal, lines elsewhere. */
    public CommandProgress progress(PrintWriter err) {
        return err instanceof SafeWriter safe && Terminal.isErr()
                ? new BarProgress(safe.raw(), Terminal.columns(environment))
                : new PlainProgress(err);
    }

    public BookClient client(Progress progress) throws Complaint, IOException {
        return new BookClient(account(), RetryPolicy.DEFAULT, Pause.SLEEPING, progress);
    }

    /** Where the client keeps its state unless told otherwise. */
    public Path stateDirectory() {
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(xdg);
        return base.resolve("contact-sync");
    }

    private String token() throws Complaint, IOException {
        if (tokenInArguments != null) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "Everybody on this machine can see a token on the command line. Put it in " + TOKEN
                            + " or in a file and pass that with --token-file.");
        }
        if (tokenFile != null) {
            return tokenIn(tokenFile);
        }
        String fromEnvironment = environment.getOrDefault(TOKEN, "").strip();
        if (fromEnvironment.isEmpty()) {
            throw new Complaint(
                    ExitCode.UNAUTHORIZED,
                    "No token. Set " + TOKEN + " or give --token-file. For a server on this machine, contact-sync token"
                            + " --user NAME gets one.");
        }
        return fromEnvironment;
    }

    private static String tokenIn(Path file) throws Complaint, IOException {
        byte[] bytes = ReadableFile.read(file, LONGEST_TOKEN_FILE, ExitCode.USAGE);
        String token = new String(bytes, StandardCharsets.UTF_8).strip();
        if (token.isEmpty()) {
            throw new Complaint(ExitCode.UNAUTHORIZED, "The file contains no token: " + file + ".");
        }
        return token;
    }
}
