package org.contactsync.queue.upkeep;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.contactsync.metric.MetricText;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;

/** The metrics of all histories, as the last complete walk has seen them. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class HistoryFigures implements HistoryUpkeep.Figures {
    private static final double MILLIS = 1e3;

    private Clock clock;
    private volatile double bytes = Double.NaN;
    private volatile Optional<Instant> oldest = Optional.empty();

    /** For the container's proxy. */
    protected HistoryFigures() {}

    @Inject
    public HistoryFigures(MetricRegistry registry, Clock clock) {
        this.clock = clock;
        registry.gauge(
                MetricText.of(
                        "contactsync_history",
                        MetricUnits.BYTES,
                        "What the histories of all books take, as the last walk through them has seen it"),
                this,
                figures -> figures.bytes);
        registry.gauge(
                MetricText.of(
                        "contactsync_history_age",
                        MetricUnits.SECONDS,
                        "Age of the oldest change that is kept, as the last walk has seen it"),
                this,
                HistoryFigures::ageSeconds);
    }

    @Override
    public void record(long all, Optional<Instant> first) {
        bytes = all;
        oldest = first;
    }

    private double ageSeconds() {
        return oldest.map(at -> Duration.between(at, clock.instant()).toMillis() / MILLIS)
                .orElse(Double.NaN);
    }
}
