package org.contactsync.door;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.contactsync.access.Caller;
import org.contactsync.access.CurrentCaller;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.queue.SyncGateway;
import org.contactsync.sync.step.Step;

/** Makes the heads of steps: who they come from and where their replies go. One instance per request. */
@Dependent
public class Steps {
    private static final Pattern QUOTE = Pattern.compile("^\"|\"$");

    private final CurrentCaller caller;
    private final SyncGateway gateway;
    private final Clock clock;

    @Inject
    public Steps(CurrentCaller caller, SyncGateway gateway, Clock clock) {
        this.caller = caller;
        this.gateway = gateway;
        this.clock = clock;
    }

    Owner owner() {
        return caller.get().owner();
    }

    /** The head of a step on a new task; its id is derived from the {@code Idempotency-Key} if there is one. */
    public Step.Head onNewTask(HttpHeaders headers) {
        TaskId task =
                idempotencyKey(headers).map(key -> TaskId.of(owner(), key)).orElseGet(TaskId::random);
        return on(task);
    }

    public Step.Head on(TaskId task) {
        Caller now = caller.get();
        return new Step.Head(now.owner(), task, now.device(), clock.instant(), gateway.replyTo(now.request()));
    }

    /** A task's id in a path; a malformed id is treated as unknown. */
    public static TaskId taskId(String text) {
        return TaskId.parse(text).orElseThrow(() -> ProblemException.of(ProblemType.NOT_FOUND, "no such task"));
    }

    private static Optional<UUID> idempotencyKey(HttpHeaders headers) {
        String header = headers.getHeaderString("Idempotency-Key");
        if (header == null) {
            return Optional.empty();
        }
        String key = QUOTE.matcher(header.strip()).replaceAll("");
        try {
            UUID uuid = UUID.fromString(key);
            if (uuid.toString().equalsIgnoreCase(key)) {
                return Optional.of(uuid);
            }
        } catch (IllegalArgumentException e) {
            throw badKey();
        }
        throw badKey();
    }

    private static ProblemException badKey() {
        return ProblemException.of(ProblemType.MALFORMED_REQUEST, "Idempotency-Key must be a UUID in quotes");
    }
}
