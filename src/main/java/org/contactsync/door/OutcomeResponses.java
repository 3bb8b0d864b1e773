package org.contactsync.door;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;

/**
 * Makes the response to a request that waited for an outcome. The thread that brings a small answer also builds the response, which the
 * server buffers and sends from its own thread. Another thread builds responses that do not fit into the buffer, so that a client
 * that reads slowly delays nobody. Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class OutcomeResponses {
    /** In characters of at most four bytes; the server's buffer has 32 KiB. */
    private static final int SMALL = 4 * 1024;

    @Resource
    private ManagedExecutorService executor;

    /** For the container's proxy. */
    public OutcomeResponses() {}

    public CompletionStage<Response> of(CompletionStage<Outcome> outcome) {
        return of(outcome, UnaryOperator.identity());
    }

    /** @param changed makes the answer that is sent of that of the outcome */
    public CompletionStage<Response> of(CompletionStage<Outcome> outcome, UnaryOperator<Answer> changed) {
        return outcome.thenCompose(each -> {
            Answer answer = changed.apply(Answers.of(each));
            return answer.body().length() <= SMALL
                    ? CompletableFuture.completedFuture(Responses.of(answer))
                    : CompletableFuture.supplyAsync(() -> Responses.of(answer), executor);
        });
    }
}
