package org.contactsync.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import org.contactsync.access.CallerFilter;
import org.contactsync.protocol.Owner;

/**
 * Has every answer written by the thread that has it, within the budget of answers. RESTEasy would give a late answer to a write
 * listener of the servlet container, unless there is an interceptor that writes as this one does. Open Liberty's listener keeps a
 * reference to the request state of the thread that set it; when that thread has begun another request meanwhile, the two requests
 * are taken for each other: one of them is answered with an empty 200. Thread-safe.
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

    /** What is held whole while it is written; a stream holds a slice. */
    private static int length(Object entity) {
        if (entity instanceof String text) {
            return text.length();
        }
        return entity instanceof byte[] bytes ? bytes.length : 0;
    }
}
