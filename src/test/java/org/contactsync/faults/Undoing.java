package org.contactsync.faults;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.contactsync.faults.Api.Reply;

/** The restore of a contact from the trash, or of the book to a check code. One thread at a time. */
final class Undoing extends Pursuit {
    private static final Duration MOST = Duration.ofSeconds(14);

    Undoing(Operation operation, Api api, Random random) {
        super(operation, api, random);
    }

    @Override
    void step() {
        if (task.isPresent()) {
            look(task.get());
            return;
        }
        Reply reply = send();
        if (reply.status() == 404 || reply.status() == 410) {
            operation.contradicted("what the device had seen could not be restored: " + reply.came());
        }
        take(reply);
    }

    @Override
    void finish() {
        // It has nothing else to do.
    }

    private Reply send() {
        Operation.Request request = operation.request();
        String key = "\"" + request.key() + "\"";
        if (request.kind() == Operation.Kind.TRASH) {
            String uid = URLEncoder.encode(request.target(), StandardCharsets.UTF_8);
            String path = "/v1/book/trash/" + uid + "/restore";
            return api.send(operation, "TRASH", "POST", path, "", MOST, "Idempotency-Key", key);
        }
        return api.send(
                operation,
                "RESTORE",
                "POST",
                "/v1/book/restore",
                "{\"checkCode\":\"" + request.target() + "\"}",
                MOST,
                "Idempotency-Key",
                key,
                "If-Match",
                "\"" + request.firstCode() + "\"");
    }
}
