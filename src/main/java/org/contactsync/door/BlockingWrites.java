package org.contactsync.door;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import org.contactsync.access.CallerFilter;
import org.contactsync.bounds.AnswerBudget;
import org.contactsync.protocol.Owner;

/**
 * Forces synchronous writing of answers, within the budget of answers. Without such an interceptor RESTEasy passes late
 * answers to a write listener of the servlet container. Open Liberty's listener keeps a reference to the request state of
 * the thread that set it; if that thread has begun another request meanwhile, the two requests are mixed up, and one of
 * them is answered with an empty 200 (decision 13). Thread-safe.
 */
@Provider
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class BlockingWrites implements WriterInterceptor {
    private AnswerBudget budget;

    /** For the container's proxy. */
    public BlockingWrites() {}

    @Inject
    public BlockingWrites(AnswerBudget budget) {
        this.budget = budget;
    }

    @Override
    public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
        if (!(context.getProperty(CallerFilter.OWNER) instanceof Owner owner)) {
            context.proceed();
            return;
        }
        int taken = budget.take(owner, length(context.getEntity()));
        try {
            context.proceed();
        } finally {
            budget.release(owner, taken);
        }
    }

    /** The length of an entity that is held in memory while it is written; a stream holds only a slice. */
    private static int length(Object entity) {
        if (entity instanceof String text) {
            return text.length();
        }
        return entity instanceof byte[] bytes ? bytes.length : 0;
    }
}
