package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.contactsync.protocol.Answer;
import org.contactsync.sync.Replies.Reply;

/** The requests of this instance that wait for an answer. Thread-safe. */
@ApplicationScoped
public class PendingReplies {
    /** Each holds a request of up to 4 MiB in the worst case, typically a few KiB: this bounds memory. */
    private static final int MOST = 2_000;

    private final ConcurrentHashMap<UUID, Pending> pending = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MOST);

    /** A request that waits. */
    static final class Pending {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final boolean untilDone;
        private volatile Optional<Answer> parked = Optional.empty();

        private Pending(boolean untilDone) {
            this.untilDone = untilDone;
        }

        CompletableFuture<Answer> answer() {
            return answer;
        }

        /** The 202 that can be given because the task has its row. */
        Optional<Answer> parked() {
            return parked;
        }
    }

    /**
     * Begins to wait.
     *
     * @param untilDone wait on when the task was parked: the client asked for it
     * @return empty when too many wait already
     */
    Optional<Pending> add(UUID correlation, boolean untilDone) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        Pending request = new Pending(untilDone);
        pending.put(correlation, request);
        request.answer.whenComplete((answer, failure) -> {
            pending.remove(correlation);
            places.release();
        });
        return Optional.of(request);
    }

    /** Completes the request that waits for the reply; nobody may wait any more. */
    void arrived(Reply reply) {
        Pending request = pending.get(reply.to().correlation());
        if (request == null) {
            return;
        }
        if (reply.parked()) {
            request.parked = Optional.of(reply.answer());
            if (request.untilDone) {
                return;
            }
        }
        request.answer.complete(reply.answer());
    }

    /** How many requests wait. */
    public int size() {
        return pending.size();
    }
}
