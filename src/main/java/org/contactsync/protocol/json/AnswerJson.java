package org.contactsync.protocol.json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.outcome.TaskView;

/** The JSON of what is neither a problem nor a page; {@link AnswerReader} reads it. */
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
        if (result.keptLost() > 0) {
            json.member("keptLost", result.keptLost());
        }
        return json.end().text();
    }

    public static String of(BookHead book) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("count", book.count())
                .member("seq", book.seq())
                .member("checkCode", book.checkCode().value())
                .member("checkKey", book.checkKey().base64Url())
                .name("queue")
                .object()
                .member("running", book.running())
                .member("waiting", book.waiting())
                .end();
        if (book.changesFrom() > 0) {
            json.member("changesFrom", book.changesFrom());
        }
        return json.end().text();
    }

    /** The data of an event (protocol 4.15). */
    public static String of(BookNews news) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("seq", news.seq())
                .member("checkCode", news.checkCode().value());
        news.device().ifPresent(device -> json.member("device", device.value()));
        return json.end().text();
    }

    /** The capabilities of a server with these limits (protocol §6.1). */
    public static String of(Limits limits) {
        return new JsonWriter()
                .object()
                .member("protocol", "v1")
                .member("checkCode", "ck1")
                .member("maxChunkContacts", limits.chunkContacts())
                .member("maxChunkBytes", limits.chunkBytes())
                .member("oneShotContacts", limits.oneShotContacts())
                .member("oneShotBytes", limits.oneShotBytes())
                .member("maxContactBytes", CardProfile.MAX_CARD_BYTES)
                .member("maxUidBytes", Uid.MAX_BYTES)
                .member("maxDepth", CardProfile.MAX_DEPTH)
                .member("maxBookContacts", limits.bookContacts())
                .member("maxBookBytes", limits.bookBytes())
                .member("maxChunks", limits.chunks())
                .member("maxQueuedTasks", limits.queuedTasks())
                .member("maxQueuedBytes", limits.queuedBytes())
                .member("maxStagedBytes", limits.stagedBytes())
                .member("maxQueuedSeconds", limits.queueAge().toSeconds())
                .member("waitSecondsDefault", limits.waitDefault().toSeconds())
                .member("waitSecondsMax", limits.waitMost().toSeconds())
                .member("uploadLeaseSeconds", limits.uploadLease().toSeconds())
                .member("taskRetentionSeconds", limits.taskRetention().toSeconds())
                .member("changesRetentionSeconds", limits.changesRetention().toSeconds())
                .member("maxEventStreams", Limits.EVENT_STREAMS)
                .member("historyRetentionSeconds", limits.historyRetention().toSeconds())
                .member("maxLostCards", Limits.LOST_CARDS)
                .member("maxPhotoBytes", Limits.PHOTO_BYTES)
                .member("maxPhotosBytes", limits.photosBytes())
                .member("photoGraceSeconds", limits.photoGrace().toSeconds())
                .end()
                .text();
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

    static void write(JsonWriter json, Missed missed) {
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

    static void write(JsonWriter json, Missed.BookChange change) {
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
