package org.contactsync.faults;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.contactsync.faults.Api.Reply;
import org.contactsync.faults.Outcome.Failed;
import org.contactsync.faults.Outcome.Ok;
import org.contactsync.faults.Outcome.Unknown;

/** Brings one operation to its outcome, with as many requests as it takes. One thread at a time. */
abstract class Pursuit {
    private static final Duration ASK = Duration.ofSeconds(8);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    final Operation operation;
    final Api api;
    final Random random;

    /** Set as soon as the service has said that it knows the task. */
    Optional<String> task = Optional.empty();

    private long pauseMillis = FIRST_PAUSE_MILLIS;

    Pursuit(Operation operation, Api api, Random random) {
        this.operation = operation;
        this.api = api;
        this.random = random;
    }

    Operation operation() {
        return operation;
    }

    /** One request more. */
    abstract void step();

    /** What is left to do is to find out; nothing new is wanted any more. */
    abstract void finish();

    /** Whether the device has turned to something else and only the service can end it. */
    boolean left() {
        return false;
    }

    /** Goes on until the outcome is known or the time is over. */
    final void go(long until) {
        while (operation.isUnknown() && !left() && api.now() < until) {
            step();
        }
    }

    /** When all is well again: finds out. */
    final void end(long until) {
        finish();
        while (operation.isUnknown() && api.now() < until) {
            step();
        }
    }

    /** What a request of one task was answered. */
    final void take(Reply reply) {
        if (reply.unknown()) {
            unknown(reply);
        } else if (reply.status() == 200) {
            done(reply.body(), reply.returned());
        } else if (reply.status() == 202) {
            operation.promised(reply.returned());
            task = Optional.of(reply.body().getString("id"));
        } else if (reply.problem().equals("idempotency-key-in-progress")) {
            operation.promised(reply.returned());
            String path = reply.body().getString("task");
            task = Optional.of(path.substring(path.lastIndexOf('/') + 1));
        } else {
            refused(reply);
        }
    }

    /** Asks for the task, which must be there. */
    final void look(String id) {
        Reply reply = api.send(operation, "TASK", "GET", Api.TASKS + "/" + id, "", ASK, "Prefer", "wait=3");
        if (reply.unknown()) {
            unknown(reply);
            return;
        }
        if (reply.status() != 200) {
            operation.contradicted("the task that the service spoke of was answered " + reply.came());
            operation.is(new Failed(reply.came()), reply.returned());
            return;
        }
        String state = reply.body().getString("state");
        switch (state) {
            case "done" -> done(reply.body().getJsonObject("result"), reply.returned());
            case "failed", "cancelled", "superseded", "expired" ->
                operation.is(new Failed(state + problem(reply.body())), reply.returned());
            default -> {
                operation.is(new Unknown(state), reply.returned());
                rest(FIRST_PAUSE_MILLIS);
            }
        }
    }

    private static String problem(JsonObject task) {
        JsonObject problem = task.getJsonObject("problem");
        return problem == null ? "" : " " + problem.getString("type");
    }

    final void done(JsonObject result, long at) {
        JsonObject applied = result.getJsonObject("applied");
        operation.promised(at);
        operation.is(
                new Ok(
                        result.getString("task"),
                        result.getJsonNumber("seq").longValue(),
                        result.getString("checkCode"),
                        result.getJsonNumber("count").longValue(),
                        applied.getInt("put"),
                        applied.getInt("deleted"),
                        result.getBoolean("rebased")),
                at);
    }

    final void refused(Reply reply) {
        operation.is(new Failed(reply.came()), reply.returned());
    }

    /** Waits a little, longer each time, and mostly turns to another instance. */
    final void unknown(Reply reply) {
        operation.is(new Unknown(reply.came()), reply.returned());
        if (random.nextInt(10) < 7) {
            api.change();
        }
        rest(pauseMillis / 2 + random.nextLong(pauseMillis));
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
    }

    static void rest(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
