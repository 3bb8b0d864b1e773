package org.contactsync.client.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.contactsync.client.Account;
import org.contactsync.client.BookClient;
import org.contactsync.client.Pause;
import org.contactsync.client.Progress;
import org.contactsync.client.RetryPolicy;
import org.contactsync.protocol.DeviceId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server, and as whom. */
final class ServerOptions {
    static final String TOKEN = "CONTACT_SYNC_TOKEN";
    static final String SERVER = "CONTACT_SYNC_SERVER";
    private static final String DEFAULT_SERVER = "http://localhost:9080";

    private final Map<String, String> environment;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Address of the server; default: $" + SERVER + " or " + DEFAULT_SERVER + ".")
    private @Nullable String server;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Your access token. Better in $" + TOKEN + ": others on this machine can see arguments.")
    private @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds your access token.")
    private @Nullable Path tokenFile;

    @Option(names = "--device", paramLabel = "NAME", description = "The name of this device, at most 64 characters.")
    private @Nullable String device;

    ServerOptions(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    URI server() throws Complaint {
        String address = server != null ? server : environment.getOrDefault(SERVER, DEFAULT_SERVER);
        try {
            return URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, "--server: not an address: " + address);
        }
    }

    Account account() throws Complaint, IOException {
        try {
            return new Account(server(), token(), Optional.ofNullable(device).map(DeviceId::new));
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    BookClient client(Progress progress) throws Complaint, IOException {
        return new BookClient(account(), RetryPolicy.DEFAULT, Pause.SLEEPING, progress);
    }

    /** Where the client keeps its state unless told otherwise. */
    Path stateDirectory() {
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(xdg);
        return base.resolve("contact-sync");
    }

    private String token() throws Complaint, IOException {
        if (token != null) {
            return token.strip();
        }
        if (tokenFile != null) {
            if (!Files.isReadable(tokenFile)) {
                throw new Complaint(ExitCode.USAGE, "--token-file: cannot read " + tokenFile);
            }
            return Files.readString(tokenFile).strip();
        }
        String fromEnvironment = environment.getOrDefault(TOKEN, "").strip();
        if (fromEnvironment.isEmpty()) {
            throw new Complaint(
                    ExitCode.UNAUTHORIZED,
                    "No token. Set " + TOKEN + " or give --token-file; for a server on this machine `contact-sync token"
                            + " --user NAME` gets one.");
        }
        return fromEnvironment;
    }
}
