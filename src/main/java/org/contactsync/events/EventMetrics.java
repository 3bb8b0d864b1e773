package org.contactsync.events;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.contactsync.metric.MetricText;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** The metrics of events. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class EventMetrics {
    private final Map<Ended, Counter> ended = new EnumMap<>(Ended.class);
    private MetricRegistry registry;
    private Counter sent;

    /** For the container's proxy. */
    protected EventMetrics() {}

    @Inject
    public EventMetrics(MetricRegistry registry) {
        this.registry = registry;
        sent = registry.counter(
                MetricText.of("contactsync_events_sent", "Events sent to listeners, without heartbeats"));
        for (Ended why : Ended.values()) {
            ended.put(
                    why,
                    registry.counter(
                            MetricText.of(
                                    "contactsync_event_streams_ended", "Streams of events that ended, by the reason"),
                            new Tag("reason", why.word())));
        }
    }

    /** Shows how many listen. */
    void register(Supplier<Integer> listeners) {
        registry.gauge(
                MetricText.of("contactsync_event_listeners", "Clients that listen to events of this instance"),
                listeners);
    }

    void countSent() {
        sent.inc();
    }

    void countEnded(Ended why) {
        Counter counter = ended.get(why);
        if (counter != null) {
            counter.inc();
        }
    }
}
