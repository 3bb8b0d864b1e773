package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A broker with a backup, over TLS: the service goes on with the backup when the first is killed, without a restart. */
@DisabledIfEnvironmentVariable(named = "DB_KIND", matches = "postgres", disabledReason = "once is enough")
class BrokerBackupIT {
    /** On a machine that is busy with other tests. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(90);

    private final Path directory;

    BrokerBackupIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        this.directory = directory;
    }

    @Test
    void theServiceGoesOnWithTheBackup() {
        ExternalBroker first = ExternalBroker.in(directory.resolve("first"));
        ExternalBroker backup = first.backup(directory.resolve("backup"));
        try (first;
                backup;
                LibertyServer server = first.use(LibertyServer.in(directory.resolve("server")), backup)) {
            first.start();
            backup.startPassive();
            server.start();
            Device device = Device.ofNewUser(server);
            BookModel book = BookModel.of(device);
            device.apply(new Changes().put("ada", Changes.card("Ada")));
            book.put("ada", Changes.card("Ada"));

            first.kill();
            long killed = System.nanoTime();
            String key = UUID.randomUUID().toString();
            Changes wanted = new Changes().put("bob", Changes.card("Bob"));
            HttpAnswer answer = Awaitility.await("a change through the backup")
                    .atMost(TAKE_OVER)
                    .pollInterval(Duration.ofMillis(500))
                    .until(
                            () -> device.patch(book.checkCode(), wanted.body(), "Idempotency-Key", "\"" + key + "\""),
                            each -> each.status() == 200);
            System.out.printf("a change was done %d ms after the first broker was killed%n", millisSince(killed));

            assertThat(answer.string("checkCode"))
                    .isEqualTo(book.put("bob", Changes.card("Bob")).checkCode());
        }
    }

    private static long millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1_000_000;
    }
}
