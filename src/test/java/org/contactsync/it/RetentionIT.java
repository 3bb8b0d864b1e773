package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.MadeBooks;
import org.contactsync.client.RepairMeter;
import org.contactsync.client.http.Account;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.settings.TokenIssuer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A server that keeps deletions for two seconds: they go by themselves, and no reader is told less than he has to know. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionIT {
    private static final Duration MOST = Duration.ofMinutes(2);

    private static final String WEBHOOK = "/admin/v1/webhooks/crm";

    private final WebhookReceiver receiver;
    private final LibertyServer server;

    RetentionIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        receiver = new WebhookReceiver(directory.resolve("receiver"));
        server = LibertyServer.in(directory.resolve("server"))
                .with("CHANGES_RETENTION", "PT2S")
                .with("HISTORY_RETENTION", "PT2S")
                .withDatabase("retention");
        receiver.configure(server, directory.resolve("webhooks.json"), receiver.encrypted("crm"));
        receiver.answer("crm", message -> 410);
        server.start();
    }

    @AfterAll
    void end() {
        server.close();
        receiver.close();
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

    /** Protocol 10.1: the client does not even ask the feed that is too short for it. */
    @Test
    void aClientRepairsByTheTreeWhenTheFeedHasExpired(@TempDir Path states) throws Exception {
        String user = "repairing";
        Device tablet = Device.ofUser(server, user).another("tablet");
        TreeMap<Uid, CanonicalCard> book = new TreeMap<>();
        MadeBooks.contacts(MadeBooks.seed(), 400).forEach(contact -> book.put(contact.uid(), contact.card()));
        Account account = new Account(server.uri(""), tablet.token(), Optional.of(new DeviceId("phone")));
        try (RepairMeter phone = new RepairMeter(account)) {
            phone.push(book, states);
            int seq = tablet.book().number("seq");
            tablet.apply(new Changes().put("theirs", Changes.card("Theirs")));
            tablet.apply(new Changes().delete("theirs").put("other", Changes.card("Other")));
            Instant end = Instant.now().plus(MOST);
            while (tablet.get("/v1/book/changes?since=" + seq).status() == 200) {
                assertThat(Instant.now()).isBefore(end);
                Pause.of(Duration.ofMillis(200));
            }
            assertThat(tablet.book().number("changesFrom")).isGreaterThan(seq);
            book.remove(book.firstKey());

            RepairMeter.Repaired repaired = phone.repair(book, states);

            System.out.println("repair, " + TestDatabase.kind() + ": 400 contacts, 1 difference, feed expired: "
                    + repaired.repair() + "; with the push: " + repaired.push());
            assertThat(repaired.repair().requests()).isEqualTo(3);
            assertThat(repaired.summary().checkCode().value()).isEqualTo(tablet.checkCode());
            assertThat(repaired.summary().deleted()).isEqualTo(1);
            assertThat(tablet.book().number("count")).isEqualTo(400);
        }
    }

    /** Protocol 6.5: what was replaced and deleted goes, whichever way, and the book stays. */
    @Test
    void oldHistoryGoes() throws IOException {
        Device phone = Device.ofNewUser(server);
        phone.apply(Changes.puts(0, 9));
        phone.apply(new Changes().put(Changes.uid(1), Changes.card("new")).delete(Changes.uid(3)));
        String upload = phone.opened("replace", 1, 1);
        phone.chunk(upload, 1, "{\"contacts\":[{\"uid\":\"x\",\"card\":" + Changes.card("x") + "}]}")
                .is(200);
        String code = phone.commit(upload).is(200).tag();

        Instant end = Instant.now().plus(MOST);
        while (!phone.get("/v1/book/history").is(200).array("changes").isEmpty()
                || !phone.get("/v1/book/trash").is(200).array("contacts").isEmpty()) {
            assertThat(Instant.now()).isBefore(end);
            Pause.of(Duration.ofMillis(200));
        }

        assertThat(phone.get("/v1/book/contacts/" + Changes.uid(1) + "/versions")
                        .is(200)
                        .array("versions"))
                .isEmpty();
        phone.post("/v1/book/trash/" + Changes.uid(3) + "/restore", "").is(ProblemType.NOT_FOUND);
        assertThat(phone.checkCode()).isEqualTo(code);
        assertThat(Files.readString(server.log())).doesNotContain("sweep failed");
        assertThat(Figures.fresh(server).text())
                .containsPattern("(?m)^contactsync_history_bytes\\{[^}]*} [0-9.E]+$")
                .contains("contactsync_history_age_seconds{");
    }

    /** Whoever was away for longer than the history reaches back is told of the last change of each book. */
    @Test
    void whatWebhooksHaveNotToldIsToldWhenTheHistoryHasGone() throws IOException {
        Device operator = Device.ofNewUser(server).withToken(server.operatorsToken());
        await().atMost(MOST)
                .untilAsserted(
                        () -> assertThat(operator.get(WEBHOOK + "/deliveries").status())
                                .isEqualTo(200));
        Device.ofNewUser(server).apply(Changes.puts(0, 1));
        await().atMost(MOST)
                .untilAsserted(() -> assertThat(operator.get(WEBHOOK).is(200).string("state"))
                        .isEqualTo("gone"));
        String user = "never-told-" + UUID.randomUUID();
        Device phone = Device.ofUser(server, user);
        phone.apply(Changes.puts(0, 1));
        String before = phone.apply(Changes.puts(1, 2)).tag();
        String after = phone.apply(Changes.puts(2, 3)).tag();
        await().atMost(MOST)
                .untilAsserted(
                        () -> assertThat(phone.get("/v1/book/history").is(200).array("changes"))
                                .isEmpty());
        phone.post("/v1/book/restore", "{\"seq\":2}").is(ProblemType.HISTORY_EXPIRED);
        assertThat(phone.checkCode()).isEqualTo(after);

        receiver.answer("crm", message -> 204);
        operator.post(WEBHOOK + "/enable", "").is(200);

        String hash = WebhookReceiver.ownerHash(new Owner(TokenIssuer.DEVELOPMENT_NAME, user).key());
        await().atMost(MOST)
                .untilAsserted(() -> assertThat(receiver.of("crm", hash)).hasSize(1));
        JsonObject data = receiver.of("crm", hash).get(0).data();
        assertThat(data.getInt("fromSeq")).isEqualTo(3);
        assertThat(data.getInt("seq")).isEqualTo(3);
        assertThat(data.getString("before")).isEqualTo(before);
        assertThat(data.getString("after")).isEqualTo(after);
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
