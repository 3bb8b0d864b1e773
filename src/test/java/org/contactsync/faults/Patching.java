package org.contactsync.faults;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.contactsync.faults.Api.Reply;
import org.contactsync.faults.Outcome.Failed;

/** An incremental sync in one request. One thread at a time. */
final class Patching extends Pursuit {
    private static final Duration MOST = Duration.ofSeconds(14);

    private final String body;
    private final String prefer;
    private boolean takeBack;

    /**
     * @param prefer the header, empty for none
     * @param takeBack whether the device cancels the task when it has to wait
     */
    Patching(
            Operation operation, Api api, Random random, Optional<String> checkAfter, String prefer, boolean takeBack) {
        super(operation, api, random);
        this.prefer = prefer;
        this.takeBack = takeBack;
        body = "{" + Edit.changes(operation.request().edits())
                + (operation.request().rebase() ? ",\"onMismatch\":\"rebase\"" : "")
                + checkAfter.map(code -> ",\"checkAfter\":\"" + code + "\"").orElse("")
                + ",\"confirmDeletes\":true}";
    }

    @Override
    void step() {
        if (task.isEmpty()) {
            patch();
        } else if (takeBack) {
            cancel(task.get());
        } else {
            look(task.get());
        }
    }

    @Override
    void finish() {
        takeBack = false;
    }

    private void patch() {
        take(send());
    }

    /** The same request once more, although its outcome is known: the answer must be the same (protocol 7.2). */
    void repeat() {
        Reply reply = send();
        if (reply.status() == 200) {
            done(reply.body(), reply.returned());
        } else if (!reply.unknown()) {
            refused(reply);
        }
    }

    private Reply send() {
        Operation.Request request = operation.request();
        String[] always = {"If-Match", "\"" + request.firstCode() + "\"", "Idempotency-Key", "\"" + request.key() + "\""
        };
        String[] headers =
                prefer.isEmpty() ? always : new String[] {always[0], always[1], always[2], always[3], "Prefer", prefer};
        return api.send(operation, "PATCH", "PATCH", "/v1/book/contacts", body, MOST, headers);
    }

    private void cancel(String id) {
        Reply reply = api.send(operation, "CANCEL", "DELETE", Api.TASKS + "/" + id, "", MOST);
        if (reply.unknown()) {
            unknown(reply);
        } else if (reply.status() == 204) {
            operation.is(new Failed("cancelled"), reply.returned());
        }
        // Anything else: it has ended another way.
        takeBack = reply.unknown();
    }
}
