package org.contactsync.api.filter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.metric.MetricText;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Counts refusals: by resource and status, and 429 and 503 also by reason. A caller cannot invent resources or reasons.
 * Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class Refusals {
    private final ConcurrentHashMap<Answered, Counter> answered = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Reason, Counter> reasons = new ConcurrentHashMap<>();
    private MetricRegistry registry;

    private record Answered(String route, int status) {}

    private record Reason(int status, String name) {}

    /** For the container's proxy. */
    protected Refusals() {}

    @Inject
    public Refusals(MetricRegistry registry) {
        this.registry = registry;
    }

    /** Counts an answer of 400 or more; {@code route} is the template of a resource. */
    public void countAnswer(String route, int status) {
        answered.computeIfAbsent(new Answered(route, status), this::counter).inc();
    }

    /** Counts a request that was refused because of overload, or because something is unavailable. */
    public void countOverload(int status, String reason) {
        reasons.computeIfAbsent(new Reason(status, reason), this::counter).inc();
    }

    private Counter counter(Answered key) {
        return registry.counter(
                MetricText.of(
                        "contactsync_refused_answers",
                        "Answers of 400 and more, by the template of the resource and the status"),
                new Tag("route", key.route()),
                new Tag("status", String.valueOf(key.status())));
    }

    private Counter counter(Reason key) {
        return registry.counter(
                MetricText.of("contactsync_overload", "Requests refused with 429 or 503, by the reason"),
                new Tag("status", String.valueOf(key.status())),
                new Tag("reason", key.name()));
    }
}
