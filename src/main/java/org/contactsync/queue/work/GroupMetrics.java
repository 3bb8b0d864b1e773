package org.contactsync.queue.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;
import org.contactsync.metric.MetricText;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** How many transactions had changes of several users, by how many they had, and how many changes they had together. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class GroupMetrics {
    /** Each range ends before twice its first number; the last one is as many as {@code STEPS_PER_COMMIT} allows. */
    private static final int RANGES = 5;

    private List<Counter> commits;
    private Counter steps;

    /** For the container's proxy. */
    protected GroupMetrics() {}

    @Inject
    public GroupMetrics(MetricRegistry registry) {
        Metadata text = MetricText.of(
                "contactsync_group_commits",
                "Transactions in which changes of several users ran, by the number of changes");
        commits = IntStream.range(0, RANGES)
                .mapToObj(index -> registry.counter(text, new Tag("steps", label(index))))
                .toList();
        steps = registry.counter(
                MetricText.of("contactsync_steps_of_group_commits", "Changes that ran in such transactions"));
    }

    /** The container makes this object for the event: the counters are served with 0 before the first group. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {}

    /** @param number of changes of one transaction, 2 or more */
    void record(int number) {
        commits.get(index(number)).inc();
        steps.inc(number);
    }

    /** The range of a number of changes, as the label says it: {@code 2-3}, {@code 4-7}, … {@code 32}. */
    static String range(int number) {
        return label(index(number));
    }

    private static int index(int number) {
        int doublings = Integer.numberOfTrailingZeros(Integer.highestOneBit(number));
        return Math.min(RANGES, doublings) - 1;
    }

    private static String label(int index) {
        int first = 2 << index;
        return index == RANGES - 1 ? Integer.toString(first) : first + "-" + (2 * first - 1);
    }
}
