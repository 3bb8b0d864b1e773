package org.contactsync.client.cli;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.contactsync.client.ServerUnreachable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gets a token for trying things out. */
@Command(
        name = "token",
        description =
                "Prints a token of a server that runs for development; a server in production has no such endpoint.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TokenCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--user", required = true, paramLabel = "NAME", description = "Whose token.")
    @SuppressWarnings("NullAway.Init") // required
    private String user;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli
    private ServerOptions server;

    @Override
    public Integer call() throws Complaint, ServerUnreachable {
        String address = server.server().toString().replaceAll("/+$", "");
        HttpResponse<String> answer = ask(URI.create(address + "/dev/tokens"));
        if (answer.statusCode() == 404) {
            throw new Complaint(
                    ExitCode.REFUSED, "This server gives no tokens for development. Ask whoever runs it for a token.");
        }
        try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
            spec.commandLine().getOut().println(reader.readObject().getString("token"));
            return ExitCode.OK;
        } catch (JsonException | NullPointerException e) {
            throw new Complaint(
                    ExitCode.REFUSED,
                    "No token in the answer (status " + answer.statusCode() + "). Is this a contact-sync server?");
        }
    }

    private HttpResponse<String> ask(URI address) throws Complaint, ServerUnreachable {
        try {
            HttpClient http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .build();
            return http.send(
                    HttpRequest.newBuilder(address)
                            .timeout(TIMEOUT)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "user=" + URLEncoder.encode(user, StandardCharsets.UTF_8)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IllegalArgumentException e) {
            throw new Complaint(ExitCode.USAGE, "--server: not an address like http://localhost:9080");
        } catch (IOException e) {
            throw new ServerUnreachable("no answer from " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerUnreachable("interrupted", e);
        }
    }
}
