package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.contactsync.javascript.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The web page in a real browser: {@code src/test/js/page}. It is skipped on a machine without Chromium, and fails there if {@code CI} is
 * set. Screenshots are in {@code target/page}. With {@code -Dpage.contacts=10000} a book of so many contacts is measured.
 */
class PageIT {
    private static final Path PAGE = Node.TESTS.resolve("page");
    private static final Path SHOTS = Path.of("target", "page");
    private static final Duration WITHOUT_A_KILL = Duration.ofMinutes(7);
    private static final Duration TO_THE_THIRD_CHUNK = Duration.ofMinutes(3);

    /** Two browsers at a time: each waits for the service most of the time. */
    private static final int BROWSERS = 2;

    private static final String MEASURED = "page.contacts";

    @TempDir
    private Path directory;

    @Test
    void aPersonUsesThePageInTwoTabsAlsoWhileTheServiceIsKilled() throws Exception {
        Node node = new Node(directory);
        Path signs = Files.createDirectories(directory.resolve("signs"));
        ExecutorService aside = Executors.newFixedThreadPool(BROWSERS);
        try (LibertyServer server =
                LibertyServer.in(directory.resolve("server")).withDatabase("page")) {
            Map<String, String> environment = environment(node, server, Map.of("SIGNS", signs.toString()));
            server.start();
            Instant end = Instant.now().plus(WITHOUT_A_KILL);
            Future<String> keeps = aside.submit(
                    () -> node.test(List.of(PAGE.resolve("keep.test.js"), PAGE.resolve("left.test.js")), environment));
            Future<String> uses = aside.submit(() -> node.test(List.of(PAGE.resolve("page.test.js")), environment));
            for (Future<String> each : List.of(keeps, uses)) {
                assertPassed(each.get(Duration.between(Instant.now(), end).toMillis(), TimeUnit.MILLISECONDS));
            }

            Future<String> client = aside.submit(() -> node.test(List.of(PAGE.resolve("kill.test.js")), environment));
            Awaitility.await()
                    .atMost(TO_THE_THIRD_CHUNK)
                    .until(() -> client.isDone() || Files.exists(signs.resolve("reached")));
            if (!client.isDone()) {
                server.kill();
                Files.createFile(signs.resolve("killed"));
                server.start();
            }
            assertPassed(client.get(8, TimeUnit.MINUTES));
        } finally {
            aside.shutdownNow();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = MEASURED, matches = "[0-9]+")
    void measuresALargeBook() throws Exception {
        Node node = new Node(directory);
        try (LibertyServer server =
                LibertyServer.in(directory.resolve("server")).optimised().withDatabase("large")) {
            Map<String, String> environment =
                    environment(node, server, Map.of("CONTACTS", System.getProperty(MEASURED)));
            server.start();
            assertPassed(node.test(List.of(PAGE.resolve("large.test.js")), environment));
        }
    }

    private static Map<String, String> environment(Node node, LibertyServer server, Map<String, String> more)
            throws Exception {
        node.requireNode();
        Map<String, String> environment = new HashMap<>(more);
        environment.put(
                "CHROMIUM",
                Node.requireProgram("chromium", "chromium-browser", "google-chrome")
                        .toString());
        environment.put("CONTACT_SYNC_SERVER", server.uri("").toString());
        environment.put("NODE_MODULES", node.packages().toString());
        environment.put("SHOTS", SHOTS.toAbsolutePath().toString());
        return environment;
    }

    private static void assertPassed(String printed) {
        printed.lines()
                .filter(line -> line.contains("longest task") || line.contains("large:") || line.matches("\\s*✔.*"))
                .forEach(System.out::println);
        assertThat(printed).contains("fail 0", "skipped 0").doesNotContainPattern("(?m)fail [1-9]");
    }
}
