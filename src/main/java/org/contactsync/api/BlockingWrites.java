package org.contactsync.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;

/**
 * Has every answer written by the thread that has it. RESTEasy would give a late answer to a write listener of the servlet
 * container, unless there is an interceptor that writes as this one does. Open Liberty's listener keeps a reference to the request
 * state of the thread that set it; when that thread has begun another request meanwhile, the two requests are taken for each other:
 * one of them is answered with an empty 200. Thread-safe.
 */
@Provider
@ApplicationScoped
public class BlockingWrites implements WriterInterceptor {
    @Override
    public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
        context.proceed();
    }
}
