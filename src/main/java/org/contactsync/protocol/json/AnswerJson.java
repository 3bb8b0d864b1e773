package org.contactsync.protocol.json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.contactsync.protocol.ChunkAck;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.SyncResult;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.TaskView;

/** The JSON of what is not a problem. */
public final class AnswerJson {
    static final String CHANGES = "/v1/book/changes?since=";
    private static final String DIGESTS = "/v1/book/digests";

    private AnswerJson() {}

    public static String of(SyncResult result) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("task", result.task().toString())
                .member("state", TaskState.DONE.wireName())
                .member("checkCode", result.checkCode().value())
                .member("seq", result.seq())
                .member("count", result.count())
                .name("applied")
                .object()
                .member("put", result.put())
                .member("deleted", result.deleted())
                .end()
                .member("rebased", result.rebased());
        if (result.rebased()) {
            json.name("missed");
            result.missed().ifPresentOrElse(missed -> write(json, missed), () -> writeUnknown(json));
        }
        return json.end().text();
    }

    public static String of(ChunkAck ack) {
        return new JsonWriter()
                .object()
                .member("chunk", ack.chunk())
                .member("nextChunk", ack.nextChunk())
                .member("received", ack.received())
                .member("checkCode", ack.checkCode().value())
                .end()
                .text();
    }

    public static String of(TaskView task) {
        JsonWriter json = new JsonWriter();
        write(json, task);
        return json.text();
    }

    public static String ofTasks(List<TaskView> tasks) {
        JsonWriter json = new JsonWriter().object().name("tasks").array();
        tasks.forEach(task -> write(json, task));
        return json.endArray().end().text();
    }

    public static void write(JsonWriter json, Missed missed) {
        json.object().name("changes").array();
        missed.changes().forEach(change -> write(json, change));
        json.endArray().member("complete", missed.since().isEmpty());
        missed.since().ifPresent(since -> json.member("next", CHANGES + since));
        json.end();
    }

    /** What was missed is not known any more: the digest tree finds it. */
    static void writeUnknown(JsonWriter json) {
        json.object().member("complete", false).member("digests", DIGESTS).end();
    }

    public static void write(JsonWriter json, Missed.BookChange change) {
        json.object()
                .member("seq", change.seq())
                .member("op", change.now().isPresent() ? "put" : "delete")
                .member("uid", change.uid().value());
        change.now()
                .ifPresent(content -> json.member("contentHash", content.hash().hex())
                        .name("card")
                        .card(content.card()));
        change.device().ifPresent(device -> json.member("device", device.value()));
        json.end();
    }

    private static void write(JsonWriter json, TaskView task) {
        json.object()
                .member("id", task.id().toString())
                .member("kind", task.kind().wireName())
                .member("state", task.state().wireName())
                .member("position", task.position());
        task.device().ifPresent(device -> json.member("device", device.value()));
        task.priority().ifPresent(priority -> json.member("priority", priority.wireName()));
        json.member("createdAt", time(task.createdAt()));
        task.expiresAt().ifPresent(at -> json.member("expiresAt", time(at)));
        task.upload().ifPresent(upload -> {
            json.member("nextChunk", upload.nextChunk())
                    .member("chunks", upload.chunks())
                    .member("contacts", upload.contacts())
                    .member("received", upload.received());
            upload.checkCode().ifPresent(code -> json.member("checkCode", code.value()));
        });
        task.outcome()
                .map(Answers::of)
                .filter(answer -> !answer.body().isEmpty())
                .ifPresent(answer ->
                        json.name(answer.isProblem() ? "problem" : "result").raw(answer.body()));
        json.end();
    }

    /** In whole milliseconds: the databases keep no more, and a time is the same whenever it is asked for. */
    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
