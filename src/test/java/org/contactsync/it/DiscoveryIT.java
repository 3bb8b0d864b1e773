package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client finds out before it has a token, and what pages of other origins may do. */
@ExtendWith(SharedServer.class)
class DiscoveryIT {
    private static final String LISTED = SharedServer.WEB_ORIGIN;

    private final LibertyServer server;
    private final Device stranger;

    DiscoveryIT(LibertyServer server) {
        this.server = server;
        stranger = Device.ofNewUser(server).withToken("");
    }

    /** 3.2.1. */
    @Test
    void saysWhereTokensComeFrom() {
        HttpAnswer metadata =
                stranger.get("/.well-known/oauth-protected-resource").is(200);

        assertThat(metadata.string("resource")).isEqualTo(server.uri("").toString());
        assertThat(metadata.json().getJsonArray("bearer_methods_supported").getString(0))
                .isEqualTo("header");
        assertThat(metadata.json()).doesNotContainKey("authorization_servers");
        assertThat(stranger.get("/v1/book").is(401).header("WWW-Authenticate"))
                .hasValue("Bearer realm=\"contact-sync\", resource_metadata=\""
                        + server.uri("/.well-known/oauth-protected-resource") + "\"");
    }

    @Test
    void servesTheProtocolAndItsVectors() throws Exception {
        HttpAnswer protocol = stranger.get("/docs/protocol.md");

        assertThat(protocol.status()).isEqualTo(200);
        assertThat(protocol.text()).isEqualTo(Files.readString(Path.of("docs/protocol.md")));
        assertThat(protocol.header("Content-Type").orElseThrow()).startsWith("text/markdown");
        assertThat(stranger.get("/docs/vectors.json").is(200).text())
                .isEqualTo(Files.readString(Path.of("src/test/resources/check-code/vectors.json")));
        assertThat(stranger.get("/docs/card-mapping.md").text())
                .isEqualTo(Files.readString(Path.of("docs/card-mapping.md")));
        assertThat(stranger.get("/docs/card-mapping.json").is(200).text())
                .isEqualTo(Files.readString(Path.of("src/test/resources/card-mapping/card-mapping.json")));
        assertThat(stranger.get(
                                "/docs/protocol.md",
                                "If-None-Match",
                                protocol.header("ETag").orElseThrow())
                        .status())
                .isEqualTo(304);
        assertThat(stranger.get("/docs/..%2Fpersistence.xml").status()).isIn(400, 401, 404);
    }

    @Test
    void servesTheWebPageWithItsPolicyAndLinksToATerminal() throws Exception {
        HttpAnswer page = stranger.get("/", "Accept", "text/html,*/*;q=0.8");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).isEqualTo(Files.readString(Path.of("src/main/webapp/WEB-INF/page.html")));
        assertThat(page.header("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self';")
                .doesNotContain("unsafe");
        assertThat(page.header("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(stranger.get("/", "Accept", "text/plain").text()).contains("web page: /", "protocol: /docs/");
        HttpAnswer script = stranger.get("/page/app.js");
        assertThat(script.status()).isEqualTo(200);
        assertThat(script.header("Content-Type").orElseThrow()).isEqualToIgnoringCase("text/javascript;charset=UTF-8");
        assertThat(script.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(stranger.get(
                                "/page/app.js",
                                "If-None-Match",
                                script.header("ETag").orElseThrow())
                        .status())
                .isEqualTo(304);
        assertThat(stranger.get("/page/page.css").header("Content-Type").orElseThrow())
                .startsWith("text/css");
        assertThat(stranger.get("/page/icon.svg").header("Content-Type").orElseThrow())
                .startsWith("image/svg+xml");
        assertThat(stranger.get("/WEB-INF/page.html").status()).isEqualTo(404);
        assertThat(stranger.get("/page/").status()).isEqualTo(404);
    }

    /** 3.2.2: the browser's question needs no token. */
    @Test
    void answersPagesOfListedOrigins() {
        HttpAnswer question = stranger.send(
                "OPTIONS",
                "/v1/book/contacts",
                BodyPublishers.noBody(),
                "Origin",
                LISTED,
                "Access-Control-Request-Method",
                "PATCH",
                "Access-Control-Request-Headers",
                "authorization,if-match");
        HttpAnswer refused = stranger.get("/v1/book", "Origin", LISTED).is(401);

        assertThat(question.status()).isEqualTo(204);
        assertThat(question.header("Access-Control-Allow-Origin")).hasValue(LISTED);
        assertThat(question.header("Access-Control-Allow-Methods").orElseThrow())
                .contains("PATCH");
        assertThat(question.header("Access-Control-Allow-Headers").orElseThrow())
                .contains("If-Match");
        assertThat(refused.header("Access-Control-Allow-Origin")).hasValue(LISTED);
        assertThat(refused.header("Access-Control-Expose-Headers").orElseThrow())
                .contains("ETag");
        assertThat(refused.header("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(refused.header("Vary").orElseThrow()).contains("Origin");
    }

    @Test
    void givesPagesOfOtherOriginsNothing() {
        for (String origin :
                new String[] {"https://evil.example", "https://app.example.com.evil.example", "null", LISTED + ":444"
                }) {
            HttpAnswer question = stranger.send(
                    "OPTIONS",
                    "/v1/book",
                    BodyPublishers.noBody(),
                    "Origin",
                    origin,
                    "Access-Control-Request-Method",
                    "GET");
            HttpAnswer answer =
                    stranger.get("/v1/capabilities", "Origin", origin).is(200);

            assertThat(question.header("Access-Control-Allow-Origin")).isEmpty();
            assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        }
    }
}
