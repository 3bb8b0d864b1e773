package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The built war in a server, on the database that {@code DB_KIND} names: health, identity, errors. */
@ArquillianTest
class ServiceIT {
    private static final String BASE = "http://localhost:" + System.getProperty("it.http.port");
    private static final String DEVELOPMENT = "urn:contact-sync:dev";
    /** A path that needs a token. */
    private static final String PROTECTED = "/v1/book";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Deployment(testable = false)
    static WebArchive war() {
        return ShrinkWrap.create(ZipImporter.class, "contact-sync.war")
                .importFrom(new File("target/contact-sync.war"))
                .as(WebArchive.class);
    }

    @Test
    void tellsThatItIsReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
        assertThat(get("/health/ready").body()).contains("\"database\":\"UP\"", "\"schema\":\"UP\"");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(get("/health/ready").body()).contains("\"broker\":\"UP\""));
        assertThat(get("/health/started").statusCode()).isEqualTo(200);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void acceptsADevelopmentToken() throws Exception {
        assertThat(withToken(developmentToken()).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesARequestWithoutAToken() {
        HttpResponse<String> answer = get(PROTECTED);
        // No error code, and where to learn how to get a token (protocol 3.2.1).
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .matches("Bearer realm=\"contact-sync\","
                        + " resource_metadata=\"http://localhost:[0-9]+/.well-known/oauth-protected-resource\"");
        assertUnauthorized(answer);
    }

    @Test
    void refusesEveryTokenThatIsNotItsOwn() throws Exception {
        String keyId = keyId(developmentToken());
        KeyPair keys = SignedToken.developmentKeys(Path.of(System.getenv("DATA_DIR")));
        Instant now = Instant.now();
        SignedToken good = new SignedToken(DEVELOPMENT, DEVELOPMENT, "alice", now, now.plusSeconds(600), keyId);
        assertThat(withToken(good.rs256(keys.getPrivate())).statusCode())
                .as("the good one, so that the others are refused for their own fault")
                .isEqualTo(200);

        assertUnauthorized(withToken("no.token.atall"));
        assertUnauthorized(withToken(good.rs256(SignedToken.newKeys().getPrivate())));
        assertUnauthorized(withToken(good.unsigned()));
        assertUnauthorized(withToken(good.hs256(keys.getPublic().getEncoded())));
        assertUnauthorized(withToken(good.by("https://issuer.example").rs256(keys.getPrivate())));
        assertUnauthorized(withToken(good.to("another-service").rs256(keys.getPrivate())));
        assertUnauthorized(
                withToken(good.from(now.minusSeconds(600), now.minusSeconds(60)).rs256(keys.getPrivate())));
        assertUnauthorized(withToken(
                good.from(now.minus(Duration.ofDays(3)), now.plusSeconds(600)).rs256(keys.getPrivate())));
    }

    @Test
    void refusesADeviceIdThatIsTooLong() throws Exception {
        HttpResponse<String> answer = send(request(PROTECTED)
                .header("Authorization", "Bearer " + developmentToken())
                .header("Device-Id", "x".repeat(65)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertProblem(answer);
    }

    @Test
    void answersUnknownPathsAndMethodsWithAProblem() throws Exception {
        HttpResponse<String> unknown = get("/no/such/thing");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertProblem(unknown);
        HttpResponse<String> method = send(request("/dev/jwks.json").DELETE());
        assertThat(method.statusCode()).isEqualTo(405);
        assertProblem(method);
        HttpResponse<String> media = send(request("/dev/tokens")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(media.statusCode()).isEqualTo(415);
        assertProblem(media);
    }

    @Test
    void showsWhereEverythingIs() {
        assertThat(send(request("/").header("Accept", "text/plain")).body())
                .contains("/openapi", "/health", "/dev/tokens");
        assertThat(get("/").body())
                .contains("docs/protocol.md", "openapi/ui/", "\"health\"", "\"metrics\"", "page/app.js");
    }

    private static String developmentToken() throws Exception {
        HttpResponse<String> answer = send(request("/dev/tokens")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("user=alice")));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body().replaceFirst(".*\"token\":\"([^\"]+)\".*", "$1");
    }

    private static String keyId(String token) {
        String header = new String(java.util.Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))));
        return header.replaceFirst(".*\"kid\":\"([^\"]+)\".*", "$1");
    }

    private static HttpResponse<String> withToken(String token) {
        return send(request(PROTECTED).header("Authorization", "Bearer " + token));
    }

    private static void assertUnauthorized(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer ");
        assertProblem(answer);
    }

    private static void assertProblem(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"type\":\"urn:contact-sync:problem:", "\"status\":" + answer.statusCode());
    }

    private static HttpResponse<String> get(String path) {
        return send(request(path));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(BASE + path)).timeout(Duration.ofSeconds(30));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
