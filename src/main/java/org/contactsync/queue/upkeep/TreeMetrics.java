package org.contactsync.queue.upkeep;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.contactsync.metric.MetricText;
import org.contactsync.sync.reading.TreeCounts;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** The metrics of the digest trees of large books. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class TreeMetrics implements TreeCounts {
    private final Map<Source, Counter> reads = new EnumMap<>(Source.class);
    private Counter stored;
    private Counter unfit;

    /** For the container's proxy. */
    protected TreeMetrics() {}

    @Inject
    public TreeMetrics(MetricRegistry registry) {
        for (Source source : Source.values()) {
            reads.put(
                    source,
                    registry.counter(
                            MetricText.of(
                                    "contactsync_tree_reads",
                                    "Digest trees of books with 20,000 contacts and more, by where they were found"),
                            new Tag("source", source.name().toLowerCase(Locale.ROOT))));
        }
        stored = registry.counter(
                MetricText.of("contactsync_tree_stored", "Digest trees that this instance has stored"));
        unfit = registry.counter(MetricText.of(
                "contactsync_tree_unfit",
                "Stored digest trees that were damaged or did not fit their books, and were not used"));
    }

    @Override
    public void countRead(Source source) {
        Counter counter = reads.get(source);
        if (counter != null) {
            counter.inc();
        }
    }

    @Override
    public void countStored() {
        stored.inc();
    }

    @Override
    public void countUnfit() {
        unfit.inc();
    }
}
