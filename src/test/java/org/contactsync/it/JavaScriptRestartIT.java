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

/** Protocol 8.7: the queue of the JavaScript client brings an upload to its end although the service is killed in the middle. */
class JavaScriptRestartIT {
    private static final Path PROGRAM = Node.TESTS.resolve("service").resolve("restart.test.js");
    private static final Duration TO_THE_THIRD_CHUNK = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    @Test
    void aPushGoesOnAfterTheServiceWasKilled() throws Exception {
        new Node(directory).requireNode();
        Path signs = Files.createDirectories(directory.resolve("signs"));
        ExecutorService aside = Executors.newSingleThreadExecutor();
        try (LibertyServer server =
                LibertyServer.in(directory.resolve("server")).withDatabase("javascript_restart")) {
            server.start();
            Map<String, String> environment =
                    Map.of("CONTACT_SYNC_SERVER", server.uri("").toString(), "SIGNS", signs.toString());
            Future<String> client = aside.submit(() -> new Node(directory).test(List.of(PROGRAM), environment));
            Awaitility.await()
                    .atMost(TO_THE_THIRD_CHUNK)
                    .until(() -> client.isDone() || Files.exists(signs.resolve("reached")));
            if (!client.isDone()) {
                server.kill();
                Files.createFile(signs.resolve("killed"));
                server.start();
            }

            assertThat(client.get(8, TimeUnit.MINUTES)).contains("pass 1", "fail 0");
            assertThat(signs.resolve("killed")).exists();
        } finally {
            aside.shutdownNow();
        }
    }
}
