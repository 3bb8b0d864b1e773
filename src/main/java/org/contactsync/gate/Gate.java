package org.contactsync.gate;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.contactsync.transport.Framing;
import org.jspecify.annotations.Nullable;

/** Filters requests to one web module of the server. Thread-safe. */
final class Gate extends HttpFilter {
    private static final long serialVersionUID = 1;

    private static final Set<String> ALLOWED = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> KNOWN = Set.of("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT");

    /** Limit on answers that are not shared: each takes some ten milliseconds of processor time. */
    private static final int AT_ONCE = 2;

    private static final Duration METRICS_LIFE = Duration.ofSeconds(1);
    private static final Duration DOCUMENT_LIFE = Duration.ofMinutes(1);

    private final transient SharedAnswer metrics = new SharedAnswer(METRICS_LIFE, System::nanoTime);
    private final transient SharedAnswer document = new SharedAnswer(DOCUMENT_LIFE, System::nanoTime);
    private final transient Semaphore own = new Semaphore(AT_ONCE);

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!Framing.isClear(
                request.getProtocol(), request.getHeaders("Content-Length"), request.getHeaders("Transfer-Encoding"))) {
            response.setHeader("Connection", "close");
            refuse(response, 400);
            return;
        }
        String method = request.getMethod();
        if (!ALLOWED.contains(method)) {
            response.setHeader("Allow", "GET, HEAD, OPTIONS");
            refuse(response, KNOWN.contains(method) ? 405 : 501);
            return;
        }
        switch (request.getRequestURI()) {
            case "/metrics" -> writeShared(metrics, "text/plain", request, response, chain);
            case "/openapi" -> writeShared(document, "application/yaml", request, response, chain);
            default -> passUnshared(request, response, chain);
        }
    }

    private void writeShared(
            SharedAnswer answer,
            String type,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        if (!request.getMethod().equals("GET") || request.getQueryString() != null || !accepts(request, type)) {
            passLimited(request, response, chain);
            return;
        }
        if (!answer.write(response, target -> chain.doFilter(new Accepting(request, type), target))) {
            refuseForNow(response);
        }
    }

    private void passUnshared(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String module = request.getContextPath();
        if (module.equals("/metrics") || module.equals("/openapi")) {
            passLimited(request, response, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    private void passLimited(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!own.tryAcquire()) {
            refuseForNow(response);
            return;
        }
        try {
            // Buffered, so that no place is held by a client that does not take its answer.
            KeptAnswer kept = new KeptAnswer(response);
            chain.doFilter(request, kept);
            own.release();
            kept.send();
        } catch (IOException | ServletException | RuntimeException e) {
            own.release();
            throw e;
        }
    }

    private static boolean accepts(HttpServletRequest request, String type) {
        String accept = request.getHeader("Accept");
        return accept == null || accept.contains("*/*") || accept.contains(type);
    }

    private static void refuseForNow(HttpServletResponse response) {
        response.setHeader("Retry-After", "1");
        refuse(response, 503);
    }

    private static void refuse(HttpServletResponse response, int status) {
        response.setStatus(status);
        response.setContentLength(0);
    }

    /** The same request for every client, so that all can share the answer. */
    private static final class Accepting extends HttpServletRequestWrapper {
        private final String type;

        Accepting(HttpServletRequest request, String type) {
            super(request);
            this.type = type;
        }

        @Override
        public @Nullable String getHeader(String name) {
            return name.equalsIgnoreCase("Accept") ? type : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return name.equalsIgnoreCase("Accept") ? Collections.enumeration(List.of(type)) : super.getHeaders(name);
        }
    }
}
