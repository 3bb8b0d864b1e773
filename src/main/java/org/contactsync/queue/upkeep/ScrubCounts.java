package org.contactsync.queue.upkeep;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.contactsync.metric.MetricText;
import org.contactsync.sync.scrub.Findings.Figures;
import org.contactsync.sync.scrub.Round;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;

/** The metrics of the scrub. The gauges are those of all instances, as they were read last. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class ScrubCounts implements ScrubRound.Counts {
    private static final double MILLIS = 1e3;

    private Counter books;
    private Counter skipped;
    private volatile OptionalLong differing = OptionalLong.empty();
    private volatile double ageSeconds = Double.NaN;

    /** For the container's proxy. */
    protected ScrubCounts() {}

    @Inject
    public ScrubCounts(MetricRegistry registry) {
        books = registry.counter(
                MetricText.of("contactsync_scrub_books", "Books that this instance has compared with their contacts"));
        skipped = registry.counter(
                MetricText.of(
                        "contactsync_scrub_skipped_books",
                        "Books that changed too often to be compared, or whose comparison failed; the next round comes back to them"));
        registry.gauge(
                MetricText.of(
                        "contactsync_scrub_differing_books",
                        "Books that did not agree with their contacts when they were last compared"),
                this,
                counts -> counts.differing.isPresent() ? counts.differing.getAsLong() : Double.NaN);
        registry.gauge(
                MetricText.of(
                        "contactsync_scrub_age",
                        MetricUnits.SECONDS,
                        "Every book was compared within this time, or did not exist before"),
                this,
                counts -> counts.ageSeconds);
    }

    @Override
    public void countBook() {
        books.inc();
    }

    @Override
    public void countSkipped() {
        skipped.inc();
    }

    @Override
    public void record(Figures figures, Instant now) {
        differing = OptionalLong.of(figures.findings());
        ageSeconds = figures.round().map(round -> seconds(round, now)).orElse(Double.NaN);
    }

    private static double seconds(Round round, Instant now) {
        Duration age = round.age(now);
        return age.toMillis() / MILLIS;
    }
}
