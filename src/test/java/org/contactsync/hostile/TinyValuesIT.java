package org.contactsync.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.contactsync.it.LibertyServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight cards of two million values each, 4 KB as gzip, at once and again: they ended the process. */
class TinyValuesIT {
    @TempDir
    private Path directory;

    @Test
    void cardsOfTinyValuesAreRefusedInLittleMemory() throws IOException {
        LibertyServer prepared = LibertyServer.in(directory).withDatabase("tiny");
        try (LibertyServer server = prepared.start()) {
            String token = server.developmentToken("hostile");
            Attack.Site site = new Attack.Site(
                    server.port(),
                    token,
                    token,
                    new SplittableRandom(1),
                    Duration.ofSeconds(12).toNanos());

            BodyAttacks.tinyValues(site);

            assertThat(site.answers()).containsKey(422).doesNotContainKey(500);
            assertThat(server.ready()).isTrue();
        }
    }
}
