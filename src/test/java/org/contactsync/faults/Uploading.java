package org.contactsync.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.contactsync.faults.Api.Reply;
import org.contactsync.faults.Outcome.Failed;

/** An upload in chunks. One thread at a time. */
final class Uploading extends Pursuit {
    private static final Duration MOST = Duration.ofSeconds(14);
    private static final long TURN_MILLIS = 300;

    /** How the device means to end it. */
    enum Ending {
        COMMIT,
        CANCEL,
        /** It says nothing more after its first chunk: the lease runs out. */
        LEAVE
    }

    private final List<List<Edit>> chunks;
    private final List<String> codes;
    private Ending ending;
    private int next = 1;
    private boolean committing;

    /**
     * @param chunks at least one, none empty
     * @param before the book that the upload was made from
     */
    Uploading(
            Operation operation,
            Api api,
            Random random,
            List<List<Edit>> chunks,
            Map<String, String> before,
            PlainCodes arithmetic,
            Ending ending) {
        super(operation, api, random);
        this.chunks = List.copyOf(chunks);
        this.ending = ending;
        Map<String, String> staged = operation.request().kind().replaces() ? new HashMap<>() : new HashMap<>(before);
        codes = chunks.stream()
                .map(chunk -> {
                    chunk.forEach(edit -> edit.applyTo(staged));
                    return arithmetic.checkCode(staged);
                })
                .toList();
    }

    @Override
    boolean left() {
        return ending == Ending.LEAVE && next > 1;
    }

    @Override
    void finish() {
        if (!committing && ending == Ending.COMMIT) {
            ending = Ending.CANCEL;
        }
    }

    @Override
    void step() {
        if (task.isEmpty()) {
            open();
        } else if (ending == Ending.CANCEL && (next > 1 || random.nextBoolean())) {
            cancel(task.get());
        } else if (left()) {
            look(task.get());
        } else if (next <= chunks.size()) {
            put(task.get());
        } else {
            commit(task.get());
        }
    }

    private void open() {
        Operation.Request request = operation.request();
        String body =
                "{\"kind\":\"%s\",\"checkBefore\":\"%s\",\"chunks\":%d,\"contacts\":%d,\"checkAfter\":\"%s\",\"confirmDeletes\":true}"
                        .formatted(
                                request.kind().wire(),
                                request.firstCode(),
                                chunks.size(),
                                chunks.stream().mapToInt(List::size).sum(),
                                codes.get(codes.size() - 1));
        Reply reply = api.send(
                operation, "OPEN", "POST", Api.TASKS, body, MOST, "Idempotency-Key", "\"" + request.key() + "\"");
        if (reply.unknown()) {
            unknown(reply);
        } else if (reply.status() == 201) {
            task = Optional.of(reply.body().getString("id"));
        } else {
            refused(reply);
        }
    }

    private void put(String id) {
        List<Edit> chunk = chunks.get(next - 1);
        String body = "{" + (operation.request().kind().replaces() ? Edit.contacts(chunk) : Edit.changes(chunk)) + "}";
        Reply reply = api.send(
                operation,
                "CHUNK " + next,
                "PUT",
                Api.TASKS + "/" + id + "/chunks/" + next,
                body,
                MOST,
                "Content-Digest",
                Api.digest(body));
        if (reply.unknown()) {
            unknown(reply);
        } else if (reply.status() == 200) {
            acknowledged(reply);
        } else if (reply.problem().equals("task-waiting")) {
            rest(TURN_MILLIS);
        } else if (reply.problem().equals("check-code-mismatch")) {
            refused(reply);
        } else {
            ended(reply, id);
        }
    }

    private void acknowledged(Reply reply) {
        operation.promised(reply.returned());
        String code = reply.body().getString("checkCode");
        if (!code.equals(codes.get(next - 1))) {
            operation.contradicted(
                    "chunk " + next + " was acknowledged with " + code + " and not " + codes.get(next - 1));
        }
        next++;
        if (reply.body().getInt("nextChunk") != next) {
            operation.contradicted("the chunk after " + (next - 1) + " is said to be "
                    + reply.body().getInt("nextChunk"));
        }
    }

    private void commit(String id) {
        committing = true;
        Reply reply = api.send(operation, "COMMIT", "POST", Api.TASKS + "/" + id + "/commit", "", MOST);
        if (reply.unknown()) {
            unknown(reply);
        } else if (reply.status() == 200) {
            done(reply.body(), reply.returned());
        } else {
            ended(reply, id);
        }
    }

    /** What an upload is answered when its lease has run out, or it was ended otherwise; anything else is a fault. */
    private void ended(Reply reply, String id) {
        if (!List.of("task-expired", "task-finished").contains(reply.problem())) {
            operation.contradicted("a chunk or commit in its order was answered " + reply.came() + " " + reply.body());
            ending = Ending.CANCEL;
        }
        look(id);
    }

    private void cancel(String id) {
        Reply reply = api.send(operation, "CANCEL", "DELETE", Api.TASKS + "/" + id, "", MOST);
        if (reply.unknown()) {
            unknown(reply);
        } else if (reply.status() == 204) {
            operation.is(new Failed("cancelled"), reply.returned());
        } else {
            look(id);
        }
    }
}
