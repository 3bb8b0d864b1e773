package org.contactsync.client.cli.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.DeviceId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that name the server and the user. Server and token come from one place: from options and environment variables, or from
 * one account of the configuration file, so that no token is sent to a server that it is not meant for. For one command.
 */
public final class ServerOptions {
    /** Where an option stands in a help: behind those of the command itself. */
    static final int LAST = 1_000;

    public static final String TOKEN = "CONTACT_SYNC_TOKEN";
    public static final String SERVER = "CONTACT_SYNC_SERVER";
    private static final String ACCOUNT = "CONTACT_SYNC_ACCOUNT";
    private static final String DEFAULT_SERVER = "http://localhost:9080";

    private final Map<String, String> environment;
    private final TokenSource tokens;

    @Option(
            order = LAST,
            names = "--account",
            paramLabel = "NAME",
            description = "An account of the configuration file; default: $" + ACCOUNT
                    + ", or the file's own default if neither --server nor the variables of server and token are set.")
    private @Nullable String account;

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

    @Option(
            order = LAST,
            names = "--device",
            paramLabel = "NAME",
            description = "The name of this device, at most 64 characters.")
    private @Nullable String device;

    private @Nullable ConfigurationFile configuration;

    public ServerOptions(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.tokens = new TokenSource(this.environment);
    }

    public URI server() throws Complaint, IOException {
        Optional<NamedAccount> named = named();
        return named.isPresent() ? addressOf(named.get()) : addressWithoutAccount();
    }

    public static URI addressOf(NamedAccount named) {
        return named.server().orElse(URI.create(DEFAULT_SERVER));
    }

    /** That of the option, or of the variable, or the usual one. */
    public URI addressWithoutAccount() throws Complaint {
        return uri(server != null ? server : environment.getOrDefault(SERVER, DEFAULT_SERVER));
    }

    private static URI uri(String address) throws Complaint {
        try {
            return URI.create(address.strip());
        } catch (IllegalArgumentException e) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "The server's address has to look like https://contacts.example.com, not " + address + ".");
        }
    }

    public Account account() throws Complaint, IOException {
        Optional<String> configured = named().flatMap(NamedAccount::device);
        return account(server(), token(), Optional.ofNullable(device).or(() -> configured));
    }

    private static Account account(URI server, String token, Optional<String> device) throws Complaint {
        try {
            return new Account(server, token, device.map(DeviceId::new));
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /** The account of the configuration file that is meant, if it is one of these. */
    public Optional<NamedAccount> named() throws Complaint, IOException {
        Optional<String> name = accountName();
        if (name.isPresent()) {
            if (account != null && server != null) {
                throw new Complaint(ExitCode.USAGE, "--account names a server already: leave --server out.");
            }
            ConfigurationFile file = configuration();
            return Optional.of(file.account(name.get())
                    .orElseThrow(() -> new Complaint(
                            ExitCode.USAGE, "There is no account " + name.get() + " in " + file.path() + ".")));
        }
        boolean otherwise = server != null || tokenFile != null || isSet(SERVER) || isSet(TOKEN);
        return otherwise ? Optional.empty() : configuration().preferred();
    }

    /** The account that is named in so many words, whether it is there or not; {@code --server} outdoes the variable. */
    public Optional<String> accountName() {
        return account != null
                ? Optional.of(account)
                : Optional.of(environment.getOrDefault(ACCOUNT, "")).filter(name -> !name.isEmpty() && server == null);
    }

    /** The account for which {@code login} gets a token; empty if it has to be made. */
    public Optional<NamedAccount> accountToLogIn() throws Complaint, IOException {
        Optional<String> name = accountName();
        return name.isPresent()
                ? configuration().account(name.get())
                : configuration().preferred();
    }

    public Optional<URI> serverOption() throws Complaint {
        return server == null ? Optional.empty() : Optional.of(uri(server));
    }

    /** The address as it is stored and compared. */
    public URI normal(URI address) throws Complaint {
        return account(address, "none", Optional.empty()).server();
    }

    /** What the server says of the book to whoever has this token. */
    public BookHead check(URI address, String token, CommandProgress progress)
            throws Complaint, ServerUnreachable, ServerRefusal {
        try (progress) {
            return new BookClient(
                            account(address, token, Optional.empty()), RetryPolicy.DEFAULT, Pause.SLEEPING, progress)
                    .book();
        }
    }

    /** Keeps a token for the other commands, and the account if it is new. */
    public void keep(NamedAccount named, StoredToken token, boolean isNew) throws Complaint, IOException {
        tokens.keep(named.name(), token);
        if (isNew) {
            configuration().add(named);
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
        return Folders.state(environment);
    }

    public ConfigurationFile configuration() throws Complaint, IOException {
        ConfigurationFile read = configuration;
        if (read == null) {
            read = ConfigurationFile.read(environment);
            configuration = read;
        }
        return read;
    }

    private String token() throws Complaint, IOException {
        if (tokenInArguments != null) {
            throw new Complaint(
                    ExitCode.USAGE,
                    "Everybody on this machine can see a token on the command line. Put it in " + TOKEN
                            + " or in a file and pass that with --token-file.");
        }
        if (tokenFile != null) {
            return TokenSource.in(tokenFile);
        }
        Optional<NamedAccount> named = named();
        if (named.isPresent()) {
            return tokens.of(named.get(), normal(server()));
        }
        if (!isSet(TOKEN)) {
            throw new Complaint(
                    ExitCode.UNAUTHORIZED,
                    "No token. Set " + TOKEN + " or give --token-file, or run contact-sync login. For a server on this"
                            + " machine, contact-sync token --user NAME gets one.");
        }
        return environment.getOrDefault(TOKEN, "").strip();
    }

    private boolean isSet(String variable) {
        return !environment.getOrDefault(variable, "").isBlank();
    }
}
