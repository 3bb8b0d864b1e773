package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.contactsync.protocol.ProblemType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A server that keeps deletions for two seconds: they go by themselves, and no reader is told less than he has to know. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionIT {
    private static final Duration MOST = Duration.ofMinutes(2);

    private final LibertyServer server;

    RetentionIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory).with("CHANGES_RETENTION", "PT2S");
        TestDatabase.make(server, "retention");
        server.start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    /** Protocol 4.6.3, 4.6.4, 6.1. */
    @Test
    void oldDeletionsGoAndTheFeedSaysSo() throws IOException {
        Device phone = Device.ofNewUser(server);
        assertThat(phone.get("/v1/capabilities").is(200).number("changesRetentionSeconds"))
                .isEqualTo(2);
        phone.apply(Changes.puts(0, 9));
        phone.apply(Changes.puts(9, 12));
        phone.apply(new Changes().delete(Changes.uid(3)).delete(Changes.uid(10)));
        String code = phone.checkCode();
        String nodes = phone.get("/v1/book/digests?depth=2").is(200).text();

        Instant end = Instant.now().plus(MOST);
        HttpAnswer feed = phone.get("/v1/book/changes?since=2");
        while (feed.status() == 200) {
            assertThat(feed.array("changes")).as("whole until it is refused").hasSize(2);
            assertThat(Instant.now()).isBefore(end);
            Pause.of(Duration.ofMillis(200));
            feed = phone.get("/v1/book/changes?since=2");
        }

        feed.is(ProblemType.CHANGES_EXPIRED);
        assertThat(phone.checkCode()).isEqualTo(code);
        assertThat(phone.get("/v1/book/digests?depth=2").is(200).text()).isEqualTo(nodes);
        assertThat(phone.get("/v1/book/changes?since=3").is(200).array("changes"))
                .isEmpty();
        assertThat(fromZero(phone))
                .hasSize(10)
                .allMatch(change -> change.getString("op").equals("put"));
        phone.apply(new Changes().put(Changes.uid(3), Changes.numbered(3)));
        assertThat(phone.get("/v1/book/changes?since=3").is(200).array("changes"))
                .hasSize(1);
        assertThat(Files.readString(server.log())).doesNotContain("sweep failed", "not compacted");
    }

    /** In pages of three, also where the feed by itself would begin later. */
    private static List<JsonObject> fromZero(Device phone) {
        List<JsonObject> changes = new ArrayList<>();
        String path = "/v1/book/changes?since=0&limit=3";
        for (boolean more = true; more; ) {
            HttpAnswer page = phone.get(path).is(200);
            JsonArray found = page.array("changes");
            changes.addAll(found.getValuesAs(JsonObject.class));
            more = page.json().getBoolean("hasMore");
            path = page.string("next");
        }
        return changes;
    }
}
