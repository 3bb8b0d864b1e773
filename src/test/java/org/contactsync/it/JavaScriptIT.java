package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.contactsync.hostile.RawConnection;
import org.contactsync.javascript.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The JavaScript client as the service serves it, and against the service. */
@ExtendWith(SharedServer.class)
class JavaScriptIT {
    private static final Path WEBAPP = Path.of("src", "main", "webapp");
    private static final String FOLDER = "/js/contact-sync/";
    private static final Pattern BLOCK = Pattern.compile("```js\n(.*?)```", Pattern.DOTALL);

    private final LibertyServer server;
    private final Path directory;

    JavaScriptIT(LibertyServer server, @TempDir Path directory) {
        this.server = server;
        this.directory = directory;
    }

    @Test
    void servesEachFileAsItIs() throws Exception {
        for (String name : names()) {
            HttpResponse<String> answer = get(FOLDER + name);

            assertThat(answer.statusCode()).as(name).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(Files.readString(WEBAPP.resolve("js/contact-sync/" + name)));
            assertThat(header(answer, "Content-Type")).isEqualToIgnoringCase(type(name));
            assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
            assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(header(answer, "Content-Security-Policy")).contains("default-src 'self'");
        }
    }

    private static String type(String name) {
        if (name.endsWith(".js")) {
            return "text/javascript;charset=UTF-8";
        }
        return name.endsWith(".ts") ? "text/plain;charset=UTF-8" : "application/json";
    }

    @Test
    void sendsAFileOnlyToWhomItIsNew() throws Exception {
        HttpResponse<String> first = get(FOLDER + "index.js");
        String tag = header(first, "ETag");

        assertThat(tag).matches("\"[0-9a-f]{64}\"");
        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            HttpResponse<String> again = send(request("index.js").header("If-None-Match", known));
            assertThat(again.statusCode()).as(known).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(header(again, "ETag")).isEqualTo(tag);
        }
        assertThat(send(request("index.js").header("If-None-Match", "\"other\""))
                        .statusCode())
                .isEqualTo(200);
        assertThat(header(get(FOLDER + "book.js"), "ETag")).isNotEqualTo(tag);
    }

    @Test
    void refusesEverythingElseBelowThatPathWithAProblem() throws Exception {
        for (String path : List.of(
                "/js",
                "/js/",
                "/js/contact-sync",
                FOLDER,
                FOLDER + "no-such.js",
                FOLDER + "Index.js",
                FOLDER + "index.js/",
                FOLDER + "%2e%2e/%2e%2e/WEB-INF/web.xml",
                "/js/../WEB-INF/web.xml",
                "/js/" + "a".repeat(5_000) + ".js")) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).contains("urn:contact-sync:problem:not-found");
        }
        HttpResponse<String> method = send(request("index.js").method("DELETE", HttpRequest.BodyPublishers.noBody()));
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(header(method, "Allow")).isEqualTo("GET, HEAD");
        assertThat(method.body()).contains("urn:contact-sync:problem:method-not-allowed");
    }

    /** As they stand, which a client for HTTP would not send: none leaves the folder, and none is an error of the server. */
    @Test
    void oddPathsAndHeadersGetTheFileOrAProblem() throws Exception {
        String whole = Files.readString(WEBAPP.resolve("js/contact-sync/index.js"));
        for (String path : List.of(
                "/js/%2e%2e/WEB-INF/web.xml",
                "/js/contact-sync/../../WEB-INF/web.xml",
                "/js/contact-sync/..%2f..%2fWEB-INF/web.xml",
                "/js/contact-sync/..;/..;/WEB-INF/web.xml",
                "/js/contact-sync/..%5c..%5cWEB-INF%5cweb.xml",
                "/js/contact-sync/%c0%ae%c0%ae/%c0%ae%c0%ae/WEB-INF/web.xml",
                "/js/../META-INF/openapi.yaml",
                "/js/contact-sync/index.js%00.js",
                "/js/contact-sync/index.js%0a",
                "/js/contact-sync/index.js/",
                "/js/contact-sync/index.js/../index.js",
                "/js/contact-sync/index.js;jsessionid=1",
                "/js/contact-sync/index.js?" + "x=".repeat(2_000),
                "/js/contact-sync/%69ndex.js",
                "//js//contact-sync//index.js",
                "/./js/./contact-sync/./index.js",
                "/js/contact-sync/index%252ejs",
                "/js\\contact-sync\\index.js")) {
            RawConnection.Reply reply = raw("GET", path, "");
            assertThat(reply.status()).as("%s: %s", path, reply.text()).isIn(200, 400, 403, 404);
            assertThat(reply.text()).as(path).doesNotContain("<web-app", "openapi: 3");
            if (reply.status() == 200) {
                assertThat(reply.text()).as(path).isEqualTo(whole);
            }
        }
        for (String header : List.of(
                "Range: bytes=0-9",
                "Range: bytes=-5",
                "Range: bytes=9-0",
                "Range: bytes=999999999999999999999-",
                "Range: lines=1-2",
                "Range: bytes=" + "0-0,".repeat(1_000) + "1-1",
                "If-None-Match: " + "\"x\",".repeat(2_000) + "\"y\"",
                "If-None-Match: \"",
                "If-Modified-Since: yesterday",
                "If-Range: \"x\"",
                "Accept: application/json",
                "Accept-Encoding: identity;q=0, *;q=0",
                "Content-Length: 0")) {
            for (String method : List.of("GET", "HEAD")) {
                RawConnection.Reply reply = raw(method, FOLDER + "index.js", header + "\r\n");
                assertThat(reply.status()).as("%s %s", method, header).isIn(200, 206, 416);
                if (reply.status() != 416) {
                    assertThat(whole).as(header).contains(reply.text());
                }
                assertThat(reply.body().length).as(header).isLessThanOrEqualTo(whole.length());
            }
        }
        for (String method : List.of("TRACE", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND")) {
            RawConnection.Reply reply = raw(method, FOLDER + "index.js", "X-Secret: told\r\n");
            assertThat(reply.status()).as(method).isIn(400, 403, 405, 501);
            assertThat(reply.text()).as(method).doesNotContain("told", whole.substring(0, 40));
        }
    }

    private RawConnection.Reply raw(String method, String path, String headers) throws IOException {
        try (RawConnection connection = RawConnection.to(server.port())) {
            return connection.exchange(method, path, headers, new byte[0]);
        }
    }

    /** Protocol 1 to 10, as far as a client sees them: the same tests that the service in memory passes. */
    @Test
    void syncsWithTheService() throws Exception {
        Map<String, String> environment =
                Map.of("CONTACT_SYNC_SERVER", server.uri("").toString());

        Path service = Node.TESTS.resolve("service");

        String printed = new Node(directory)
                .test(
                        Stream.of("service.test.js", "sync.test.js", "live.test.js")
                                .map(service::resolve)
                                .toList(),
                        environment);

        assertThat(printed).contains("fail 0");
    }

    /** Each program of the document, with the modules as they are served. */
    @Test
    void theProgramsOfTheDocumentRun() throws Exception {
        Path modules = Files.createDirectories(directory.resolve("contact-sync"));
        for (String name : names()) {
            Files.writeString(modules.resolve(name), get(FOLDER + name).body());
        }
        List<String> programs = BLOCK.matcher(Files.readString(Path.of("docs", "javascript.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(programs).isNotEmpty();
        for (String program : programs) {
            Path file = directory.resolve("program.mjs");
            Files.writeString(
                    file,
                    program.replace("http://localhost:9080", server.uri("").toString())
                            .replace("'ada'", "'ada-" + UUID.randomUUID() + "'"));

            String printed = new Node(directory).run(Map.of(), "node", file.toString());

            assertThat(printed.strip()).matches(expected(program));
        }
    }

    /** What a program says that it prints: its comments that start with an arrow; … is any text. */
    private static Pattern expected(String program) {
        String printed = Pattern.compile("// → (.*)")
                .matcher(program)
                .results()
                .map(MatchResult::group)
                .map(line -> Pattern.quote(line.substring("// → ".length())).replace("…", "\\E.*\\Q"))
                .reduce((a, b) -> a + "\\R" + b)
                .orElseThrow();
        return Pattern.compile(printed);
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(WEBAPP.resolve("js/contact-sync"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private HttpRequest.Builder request(String name) {
        return server.request(FOLDER + name);
    }

    private HttpResponse<String> get(String path) throws IOException {
        return send(server.request(path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        return server.send(request.build());
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
