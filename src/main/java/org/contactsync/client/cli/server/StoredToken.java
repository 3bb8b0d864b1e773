package org.contactsync.client.cli.server;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.contactsync.client.cli.file.ReadableFile;
import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import org.contactsync.client.http.DeviceLogin;
import org.contactsync.client.state.WholeFile;
import org.contactsync.protocol.json.BoundedJson;
import org.contactsync.protocol.json.JsonWriter;

/**
 * What {@code login} keeps, in a file that only its owner can read.
 *
 * @param server the only one that the token is sent to
 * @param renewal how to get another one without the person
 */
public record StoredToken(URI server, String token, Optional<Instant> ends, Optional<Renewal> renewal) {
    private static final int MOST_BYTES = 128 << 10;

    /**
     * @param endpoint of the issuer
     * @param clientId the name under which the issuer knows this program
     * @param token the refresh token
     */
    public record Renewal(URI endpoint, String clientId, String token) {}

    public static StoredToken of(URI server, DeviceLogin.Tokens tokens, URI endpoint, String clientId) {
        return new StoredToken(
                server,
                tokens.access(),
                tokens.ends(),
                tokens.refresh().map(refresh -> new Renewal(endpoint, clientId, refresh)));
    }

    static Optional<StoredToken> read(Path file) throws IOException, Complaint {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonObject json = BoundedJson.object(ReadableFile.read(file, MOST_BYTES, ExitCode.UNAUTHORIZED));
            Optional<Renewal> renewal = json.containsKey("refreshToken")
                    ? Optional.of(new Renewal(
                            URI.create(json.getString("endpoint")),
                            json.getString("clientId"),
                            json.getString("refreshToken")))
                    : Optional.empty();
            return Optional.of(new StoredToken(
                    URI.create(json.getString("server")),
                    json.getString("token"),
                    Optional.ofNullable(json.getString("ends", null)).map(Instant::parse),
                    renewal));
        } catch (JsonException
                | IllegalArgumentException
                | ClassCastException
                | NullPointerException
                | DateTimeParseException e) {
            throw new Complaint(ExitCode.UNAUTHORIZED, "The file " + file + " is damaged. Log in again.");
        }
    }

    void write(Path file) throws IOException {
        JsonWriter json =
                new JsonWriter().object().member("server", server.toString()).member("token", token);
        ends.ifPresent(end -> json.member("ends", end.toString()));
        renewal.ifPresent(each -> json.member("endpoint", each.endpoint().toString())
                .member("clientId", each.clientId())
                .member("refreshToken", each.token()));
        Folders.makePrivate(file.toAbsolutePath().getParent());
        WholeFile.write(file, json.end().text().getBytes(StandardCharsets.UTF_8));
    }

    /** Never shows a token. */
    @Override
    public String toString() {
        return "StoredToken[" + server + "]";
    }
}
