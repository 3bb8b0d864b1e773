package org.contactsync.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Counts what was refused: by resource and status, and, of 429 and 503, by reason. A caller can invent no resource and no
 * reason. Thread-safe.
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

    /** An answer of 400 or more; {@code route} is the template of a resource. */
    public void answered(String route, int status) {
        answered.computeIfAbsent(new Answered(route, status), this::counter).inc();
    }

    /** A request that was refused because there is too much to do, or because something is away. */
    public void overload(int status, String reason) {
        reasons.computeIfAbsent(new Reason(status, reason), this::counter).inc();
    }

    private Counter counter(Answered key) {
        return registry.counter(
                described(
                        "contactsync_refused_answers",
                        "Answers of 400 and more, by the template of the resource and the status"),
                new Tag("route", key.route()),
                new Tag("status", String.valueOf(key.status())));
    }

    private Counter counter(Reason key) {
        return registry.counter(
                described("contactsync_overload", "Requests refused with 429 or 503, by the reason"),
                new Tag("status", String.valueOf(key.status())),
                new Tag("reason", key.name()));
    }

    private static Metadata described(String name, String help) {
        return Metadata.builder().withName(name).withDescription(help).build();
    }
}
