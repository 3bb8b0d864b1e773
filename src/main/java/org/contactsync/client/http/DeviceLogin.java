package org.contactsync.client.http;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.contactsync.client.http.jdk.JdkHttp;
import org.contactsync.client.http.port.Head;
import org.contactsync.client.http.port.HttpPort;
import org.contactsync.client.http.port.Request;
import org.contactsync.protocol.json.BoundedJson;

/**
 * Signs a person in at an OpenID provider on any other device (RFC 8628). What the provider says is not trusted: its addresses have to be
 * {@code https}, except on this machine; answers and times have bounds. For one thread at a time.
 */
public final class DeviceLogin {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final long LONGEST_INTERVAL = 60;

    /** RFC 8628 section 3.2 and 3.5: the default, and what is added at each {@code slow_down}. */
    private static final long USUAL_INTERVAL = 5;

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    private final HttpPort http;
    private final URI deviceEndpoint;
    private final URI tokenEndpoint;
    private final String clientId;

    private DeviceLogin(HttpPort http, URI deviceEndpoint, URI tokenEndpoint, String clientId) {
        this.http = http;
        this.deviceEndpoint = deviceEndpoint;
        this.tokenEndpoint = tokenEndpoint;
        this.clientId = clientId;
    }

    /**
     * What the person has to do.
     *
     * @param page where the code has to be typed
     * @param pageWithCode the same with the code in it, if the provider has that
     */
    public record Invitation(String code, String page, Optional<String> pageWithCode, Pending pending) {}

    /** What is asked for until the person has agreed. */
    public record Pending(String deviceCode, Duration interval, Instant ends) {
        /** Never shows the code. */
        @Override
        public String toString() {
            return "Pending[" + ends + "]";
        }
    }

    /** Tokens, which are never shown. */
    public record Tokens(String access, Optional<String> refresh, Optional<Instant> ends) {
        @Override
        public String toString() {
            return "Tokens[" + ends + "]";
        }
    }

    /** @param body empty when it was larger than it may be */
    private record Answer(int status, Optional<byte[]> body) {}

    /**
     * Reads the provider's own description (OpenID Connect Discovery 1.0).
     *
     * @throws IllegalArgumentException in words for a person, when {@code issuer} is no address that may be asked
     */
    public static DeviceLogin at(URI issuer, String clientId) throws ServerUnreachable, ServerRefusal {
        return at(JdkHttp.usual(), issuer, clientId);
    }

    /** As {@link #at(URI, String)}, over any HTTP. */
    public static DeviceLogin at(HttpPort http, URI issuer, String clientId) throws ServerUnreachable, ServerRefusal {
        URI base = new ServerAddress(issuer).base();
        JsonObject description = read(
                base,
                send(
                        http,
                        Request.to(URI.create(base + "/.well-known/openid-configuration"))
                                .timeout(TIMEOUT)
                                .get()
                                .build()));
        if (!description.getString("issuer", "").replaceAll("/+$", "").equals(base.toString())) {
            throw refusal("wrong-issuer", base + " says that it is another issuer.", "Check the issuer's address.");
        }
        if (!description.containsKey("device_authorization_endpoint")) {
            throw refusal(
                    "no-device-login",
                    base + " has no sign-in for devices (RFC 8628).",
                    "Get a token in another way, and use token-file or token-command.");
        }
        return new DeviceLogin(
                http,
                endpoint(description.getString("device_authorization_endpoint")),
                endpoint(description.getString("token_endpoint", "")),
                clientId);
    }

    public URI tokenEndpoint() {
        return tokenEndpoint;
    }

    /** Begins; the person has as long as the provider says, at most half an hour. */
    public Invitation begin(String scope) throws ServerUnreachable, ServerRefusal {
        JsonObject json =
                read(deviceEndpoint, post(http, deviceEndpoint, Map.of("client_id", clientId, "scope", scope)));
        try {
            long seconds = Math.min(json.getInt("expires_in"), LONGEST.toSeconds());
            long interval = Math.max(1, Math.min(json.getInt("interval", (int) USUAL_INTERVAL), LONGEST_INTERVAL));
            return new Invitation(
                    json.getString("user_code"),
                    json.getString("verification_uri"),
                    Optional.ofNullable(json.getString("verification_uri_complete", null)),
                    new Pending(
                            json.getString("device_code"),
                            Duration.ofSeconds(interval),
                            Instant.now().plusSeconds(seconds)));
        } catch (NullPointerException | ClassCastException e) {
            throw unreadable(deviceEndpoint);
        }
    }

    /** Asks until the person has agreed or refused, or the time is over. */
    public Tokens await(Pending pending, Pause pause) throws ServerUnreachable, ServerRefusal {
        Duration interval = pending.interval();
        while (Instant.now().isBefore(pending.ends())) {
            sleep(pause, interval);
            Answer answer;
            try {
                answer = post(
                        http,
                        tokenEndpoint,
                        Map.of("grant_type", GRANT, "device_code", pending.deviceCode(), "client_id", clientId));
            } catch (ServerUnreachable e) {
                interval = longer(interval); // RFC 8628 section 3.5: slower, and not for ever
                continue;
            }
            if (answer.status() == 200) {
                return tokens(read(tokenEndpoint, answer));
            }
            switch (error(answer)) {
                case "authorization_pending" -> {}
                case "slow_down" -> interval = longer(interval);
                case "access_denied" ->
                    throw refusal("access-denied", "The sign-in was refused at the issuer.", "Log in again.");
                case "expired_token" -> throw expired();
                default -> throw refused(tokenEndpoint, answer);
            }
        }
        throw expired();
    }

    /** Another token for a refresh token (RFC 6749 section 6). */
    public static Tokens renew(URI tokenEndpoint, String clientId, String refreshToken)
            throws ServerUnreachable, ServerRefusal {
        return renew(JdkHttp.usual(), tokenEndpoint, clientId, refreshToken);
    }

    /** As {@link #renew(URI, String, String)}, over any HTTP. */
    public static Tokens renew(HttpPort http, URI tokenEndpoint, String clientId, String refreshToken)
            throws ServerUnreachable, ServerRefusal {
        URI endpoint = endpoint(tokenEndpoint.toString());
        return tokens(read(
                endpoint,
                post(
                        http,
                        endpoint,
                        Map.of("grant_type", "refresh_token", "refresh_token", refreshToken, "client_id", clientId))));
    }

    private static Duration longer(Duration interval) {
        return Duration.ofSeconds(Math.min(interval.toSeconds() + USUAL_INTERVAL, LONGEST_INTERVAL));
    }

    private static Tokens tokens(JsonObject json) throws ServerRefusal {
        String access = json.getString("access_token", "");
        if (access.isEmpty() || !json.getString("token_type", "Bearer").equalsIgnoreCase("Bearer")) {
            throw refusal("no-token", "The issuer sent no bearer token.", "Ask its operator.");
        }
        return new Tokens(
                access,
                Optional.ofNullable(json.getString("refresh_token", null)),
                json.containsKey("expires_in")
                        ? Optional.of(Instant.now().plusSeconds(json.getInt("expires_in", 0)))
                        : Optional.empty());
    }

    private static Answer post(HttpPort http, URI endpoint, Map<String, String> form) throws ServerUnreachable {
        String body = new TreeMap<>(form)
                .entrySet().stream()
                        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return send(
                http,
                Request.to(endpoint)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Accept", "application/json")
                        .post(body.getBytes(StandardCharsets.UTF_8))
                        .build());
    }

    private static Answer send(HttpPort http, Request request) throws ServerUnreachable {
        try {
            BoundedBody body = BoundedBody.upTo(AnswerSize.USUAL);
            Head head = OneRequest.send(http, request, body, Exchange.WHOLE_ANSWER);
            return new Answer(head.status(), body.unpacked(head.headers()));
        } catch (IOException e) {
            throw new ServerUnreachable(
                    "No answer from " + request.uri().getScheme() + "://"
                            + request.uri().getAuthority() + ": " + ConnectionFault.words(e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerUnreachable("Interrupted", e);
        }
    }

    private static void sleep(Pause pause, Duration interval) throws ServerUnreachable {
        try {
            pause.sleep(interval);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerUnreachable("Interrupted", e);
        }
    }

    private static JsonObject read(URI from, Answer answer) throws ServerRefusal {
        if (answer.status() != 200) {
            throw refused(from, answer);
        }
        return json(answer).orElseThrow(() -> unreadable(from));
    }

    private static Optional<JsonObject> json(Answer answer) {
        try {
            return answer.body().map(BoundedJson::object);
        } catch (JsonException | IllegalArgumentException | ClassCastException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static String error(Answer answer) {
        return json(answer).map(json -> json.getString("error", "")).orElse("");
    }

    private static ServerRefusal refused(URI from, Answer answer) {
        String error = error(answer);
        String why = json(answer)
                .map(json -> json.getString("error_description", ""))
                .filter(text -> !text.isEmpty())
                .map(text -> ": " + text)
                .orElse("");
        return refusal(
                error.matches("[a-z_]{1,40}") ? error.replace('_', '-') : "http-" + answer.status(),
                "The issuer " + from.getHost() + " refused" + why,
                "Check issuer, client-id and scope.");
    }

    private static ServerRefusal expired() {
        return refusal("expired-code", "Nobody has entered the code in time.", "Log in again.");
    }

    private static ServerRefusal unreadable(URI from) {
        return refusal(
                "unreadable-answer", from.getHost() + " does not answer as an issuer does.", "Check the issuer.");
    }

    private static ServerRefusal refusal(String code, String detail, String next) {
        return new ServerRefusal(ServerProblem.found(code, detail, next));
    }

    /** @throws ServerRefusal if codes and tokens must not go there */
    private static URI endpoint(String address) throws ServerRefusal {
        try {
            return new ServerAddress(URI.create(address)).base();
        } catch (IllegalArgumentException e) {
            throw refusal("unsafe-endpoint", "The issuer names an address that is not safe.", "Ask its operator.");
        }
    }
}
