package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.RestorePreview;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.json.HistoryReader.Page;
import org.contactsync.protocol.json.HistoryReader.PastTask;
import org.contactsync.protocol.request.RestoreTarget;
import org.junit.jupiter.api.Test;

/** What the server says of a book's past is what its client reads. */
class HistoryJsonTest {
    private static final Instant AT = Instant.parse("2026-11-22T10:20:11.204518Z");
    private static final Optional<DeviceId> PHONE = Optional.of(new DeviceId("ada-phone"));

    @Test
    void changes() {
        TaskId task = new TaskId(UUID.fromString("1c0f5a52-77f4-8f33-9b6e-5d0a3f0c7e12"));
        PastChange first = new PastChange(
                5,
                AT,
                TaskKind.CHANGES,
                task,
                PHONE,
                ArbitraryAnswers.code(1),
                ArbitraryAnswers.code(2),
                2,
                0,
                1,
                false);
        PastChange second = new PastChange(
                4,
                AT,
                TaskKind.INCREMENTAL,
                task,
                Optional.empty(),
                ArbitraryAnswers.code(0),
                ArbitraryAnswers.code(1),
                3,
                1,
                0,
                true);
        JsonWriter json = new JsonWriter();
        HistoryJson.changes(json, List.of(first, second), ArbitraryAnswers.code(2), 5, Optional.of("/v1/next"));

        Page<PastTask> page = HistoryReader.changes(json(json.text()));

        assertThat(page.next()).contains("/v1/next");
        assertThat(page.items())
                .containsExactly(
                        new PastTask(
                                5,
                                AT,
                                "changes",
                                task.toString(),
                                PHONE,
                                ArbitraryAnswers.code(1),
                                ArbitraryAnswers.code(2),
                                2,
                                0,
                                1),
                        new PastTask(
                                4,
                                AT,
                                "restore",
                                task.toString(),
                                Optional.empty(),
                                ArbitraryAnswers.code(0),
                                ArbitraryAnswers.code(1),
                                3,
                                1,
                                0));
        assertThat(HistoryReader.changes(json(json.text().replace("\"restore\"", "\"of a newer server\"")))
                        .items()
                        .get(1)
                        .kind())
                .isEqualTo("of a newer server");
    }

    @Test
    void versions() {
        Content content = new Content(
                CanonicalCard.ofTrusted("{\"@type\":\"Card\",\"version\":\"1.0\"}".getBytes(StandardCharsets.UTF_8)),
                ContentHash.ofHex("ab".repeat(32)));
        List<PastVersion> versions = List.of(
                new PastVersion(new Uid("ä"), content, PHONE, 1, 4, AT, Optional.empty(), false),
                new PastVersion(new Uid("b"), content, Optional.empty(), 4, 4, AT, PHONE, true));
        for (String name : List.of("versions", "contacts")) {
            JsonWriter json = new JsonWriter();
            HistoryJson.versions(json, name, versions, ArbitraryAnswers.code(2), Optional.empty());

            assertThat(HistoryReader.versions(json(json.text()), name))
                    .isEqualTo(new Page<>(versions, Optional.empty()));
        }
    }

    @Test
    void whatARestoreWouldDo() {
        RestorePreview preview = new RestorePreview(
                4, ArbitraryAnswers.code(3), 3, 2, 1, List.of(new Uid("a"), new Uid("b")), List.of(new Uid("c")));

        assertThat(HistoryReader.preview(json(HistoryJson.of(preview)))).isEqualTo(preview);
    }

    @Test
    void whichStateIsAskedFor() {
        RequestReader requests = new RequestReader(Limits.DEFAULTS);
        for (boolean dryRun : new boolean[] {true, false}) {
            for (RestoreTarget target : List.of(
                    new RestoreTarget(
                            Optional.of(ArbitraryAnswers.code(3)), OptionalLong.empty(), Optional.empty(), dryRun),
                    new RestoreTarget(Optional.empty(), OptionalLong.of(0), Optional.empty(), dryRun),
                    new RestoreTarget(Optional.empty(), OptionalLong.empty(), Optional.of(AT), dryRun))) {
                assertThat(requests.restoreTarget(RequestWriter.of(target))).isEqualTo(target);
            }
        }
    }

    private static JsonObject json(String text) {
        return BoundedJson.object(text.getBytes(StandardCharsets.UTF_8));
    }
}
