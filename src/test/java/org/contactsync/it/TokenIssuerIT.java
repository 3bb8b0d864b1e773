package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server with an issuer configured: its tokens and no others, and nothing for development. */
class TokenIssuerIT {
    private static final String ISSUER = "https://issuer.example";
    private static final String AUDIENCE = "contact-sync-test";
    private static final String KEY_ID = "test-key";

    @TempDir
    private Path directory;

    @Test
    void believesTheIssuerAndNothingMadeForDevelopment() throws Exception {
        KeyPair keys = SignedToken.newKeys();
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] keySet = SignedToken.keySet(keys, KEY_ID).getBytes(StandardCharsets.UTF_8);
        issuer.createContext("/keys", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, keySet.length);
            exchange.getResponseBody().write(keySet);
            exchange.close();
        });
        issuer.start();
        try (LibertyServer server = LibertyServer.in(directory)) {
            server.start();
            String developmentToken = server.developmentToken("alice");
            KeyPair developmentKeys = SignedToken.developmentKeys(server.data());
            server.stop();

            server.with("JWT_ISSUER", ISSUER)
                    .with("JWT_AUDIENCE", AUDIENCE)
                    .with(
                            "JWT_JWKS_URL",
                            "http://localhost:" + issuer.getAddress().getPort() + "/keys")
                    .with("WEB_CLIENT_ID", "the-page")
                    .start();

            String metadata = server.send(server.request("/.well-known/oauth-protected-resource")
                            .build())
                    .body();
            assertThat(metadata)
                    .contains("\"authorization_servers\":[\"" + ISSUER + "\"]", "\"web_client_id\":\"the-page\"");
            Instant now = Instant.now();
            SignedToken token = new SignedToken(ISSUER, AUDIENCE, "alice", now, now.plusSeconds(600), KEY_ID);
            assertThat(status(server, token.rs256(keys.getPrivate()))).isEqualTo(200);
            assertThat(status(server, developmentToken)).isEqualTo(401);
            assertThat(status(server, token.rs256(developmentKeys.getPrivate())))
                    .isEqualTo(401);
            HttpResponse<String> refused = server.send(server.request("/dev/tokens")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("user=alice"))
                    .build());
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(server.send(server.request("/dev/jwks.json").build()).statusCode())
                    .isEqualTo(404);
        } finally {
            issuer.stop(0);
        }
    }

    @Test
    void refusesToStartWithAnIssuerButWithoutItsKeys() {
        try (LibertyServer server = LibertyServer.in(directory)) {
            server.with("JWT_ISSUER", ISSUER).with("JWT_AUDIENCE", AUDIENCE).launch();

            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> Files.readString(server.log())
                            .contains("JWT_JWKS_URL must be set because JWT_ISSUER is set"));
            assertThat(server.ready()).isFalse();
        }
    }

    private static int status(LibertyServer server, String token) throws Exception {
        return server.send(server.request("/v1/book")
                        .header("Authorization", "Bearer " + token)
                        .build())
                .statusCode();
    }
}
