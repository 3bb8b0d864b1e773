package org.contactsync.client.cli.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.contactsync.client.cli.file.ReadableFile;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.cli.terminal.Failure;
import org.contactsync.client.http.DeviceLogin;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.state.WholeFile;

/** Where the token of an account comes from: a file, a command, or what {@code login} has kept. For one command. */
final class TokenSource {
    private static final int MOST_BYTES = 64 << 10;
    private static final long COMMAND_SECONDS = 60;

    /** So much before its end a token is renewed: a long upload begins with one that lasts. */
    private static final Duration EARLY = Duration.ofMinutes(2);

    private final Map<String, String> environment;

    TokenSource(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The token that a file holds. */
    static String in(Path file) throws Complaint, IOException {
        String token = new String(ReadableFile.read(file, MOST_BYTES, ExitCode.USAGE), StandardCharsets.UTF_8).strip();
        if (token.isEmpty()) {
            throw new Complaint(ExitCode.UNAUTHORIZED, "The file contains no token: " + file + ".");
        }
        return token;
    }

    /** @param server that it is meant for */
    String of(NamedAccount account, URI server) throws Complaint, IOException {
        if (account.tokenFile().isPresent()) {
            return in(account.tokenFile().get());
        }
        if (account.tokenCommand().isPresent()) {
            return printedBy(account.tokenCommand().get());
        }
        Path file = file(account.name());
        StoredToken stored = StoredToken.read(file)
                .filter(each -> each.server().equals(server))
                .orElseThrow(() -> new Complaint(
                        ExitCode.UNAUTHORIZED,
                        "No token for the account " + account.name() + ". Run contact-sync login --account "
                                + account.name() + "."));
        boolean ends = stored.ends()
                .map(end -> end.minus(EARLY).isBefore(Instant.now()))
                .orElse(false);
        return ends && stored.renewal().isPresent() ? renewed(file, stored).token() : stored.token();
    }

    void keep(String account, StoredToken token) throws IOException {
        token.write(file(account));
    }

    Path file(String account) {
        return Folders.state(environment).resolve("tokens").resolve(account + ".json");
    }

    /** One process at a time: an issuer may take a refresh token only once. */
    private static StoredToken renewed(Path file, StoredToken before) throws Complaint, IOException {
        try (FileChannel lock = WholeFile.openLock(file.resolveSibling(file.getFileName() + ".lock"))) {
            lock.lock();
            StoredToken now = StoredToken.read(file).orElse(before);
            if (!now.token().equals(before.token())) {
                return now;
            }
            StoredToken.Renewal renewal = now.renewal().orElseThrow();
            DeviceLogin.Tokens tokens = DeviceLogin.renew(renewal.endpoint(), renewal.clientId(), renewal.token());
            StoredToken renewed = new StoredToken(
                    now.server(),
                    tokens.access(),
                    tokens.ends(),
                    Optional.of(new StoredToken.Renewal(
                            renewal.endpoint(),
                            renewal.clientId(),
                            tokens.refresh().orElse(renewal.token()))));
            renewed.write(file);
            return renewed;
        } catch (ServerUnreachable e) {
            throw new Complaint(ExitCode.UNREACHABLE, e.getMessage() + ". The token has to be renewed there.");
        } catch (ServerRefusal e) {
            throw new Complaint(
                    ExitCode.UNAUTHORIZED,
                    "The token cannot be renewed: " + Failure.refusal(e.problem()) + " Log in again.");
        }
    }

    private static String printedBy(String command) throws Complaint, IOException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream out = process.getInputStream()) {
            byte[] printed = out.readNBytes(MOST_BYTES);
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                throw new Complaint(ExitCode.UNAUTHORIZED, "The token-command did not end within a minute.");
            }
            String token = new String(printed, StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0 || token.isEmpty()) {
                throw new Complaint(
                        ExitCode.UNAUTHORIZED,
                        "The token-command printed no token, or failed: exit code " + process.exitValue() + ".");
            }
            return token;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Complaint(ExitCode.FAILED, "Interrupted.");
        } finally {
            process.destroyForcibly();
        }
    }
}
