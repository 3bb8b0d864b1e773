package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.contactsync.javascript.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The web page in a real browser: {@code src/test/js/page}. It is skipped on a machine without Chromium, and fails there if {@code CI} is
 * set. Screenshots are in {@code target/page}.
 */
class PageIT {
    private static final Path KEEPS = Node.TESTS.resolve("page").resolve("keep.test.js");
    private static final Path PROGRAM = Node.TESTS.resolve("page").resolve("page.test.js");
    private static final Path SHOTS = Path.of("target", "page");
    private static final Duration TO_THE_THIRD_CHUNK = Duration.ofMinutes(7);

    @TempDir
    private Path directory;

    @Test
    void aPersonUsesThePageInTwoTabsAlsoWhileTheServiceIsKilled() throws Exception {
        Node node = new Node(directory);
        node.requireNode();
        Path chromium = Node.requireProgram("chromium", "chromium-browser", "google-chrome");
        Path signs = Files.createDirectories(directory.resolve("signs"));
        ExecutorService aside = Executors.newSingleThreadExecutor();
        try (LibertyServer server =
                LibertyServer.in(directory.resolve("server")).withDatabase("page")) {
            server.start();
            Map<String, String> environment = Map.of(
                    "CONTACT_SYNC_SERVER", server.uri("").toString(),
                    "NODE_MODULES", node.packages().toString(),
                    "CHROMIUM", chromium.toString(),
                    "SHOTS", SHOTS.toAbsolutePath().toString(),
                    "SIGNS", signs.toString());
            Future<String> client = aside.submit(
                    () -> node.test(List.of(KEEPS), environment) + node.test(List.of(PROGRAM), environment));
            Awaitility.await()
                    .atMost(TO_THE_THIRD_CHUNK)
                    .until(() -> client.isDone() || Files.exists(signs.resolve("reached")));
            if (!client.isDone()) {
                server.kill();
                Files.createFile(signs.resolve("killed"));
                server.start();
            }

            String printed = client.get(8, TimeUnit.MINUTES);
            printed.lines().filter(line -> line.contains("longest task")).forEach(System.out::println);
            assertThat(printed).contains("fail 0", "skipped 0").doesNotContainPattern("(?m)fail [1-9]");
        } finally {
            aside.shutdownNow();
        }
    }
}
