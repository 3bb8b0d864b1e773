package org.contactsync.queue.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;

/** How many transactions had changes of several users, and how many changes they had. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class GroupMetrics {
    private Counter commits;
    private Counter steps;

    /** For the container's proxy. */
    protected GroupMetrics() {}

    @Inject
    public GroupMetrics(MetricRegistry registry) {
        commits = counter(registry, "contactsync_group_commits", "Transactions in which changes of several users ran");
        steps = counter(registry, "contactsync_steps_of_group_commits", "Changes that ran in such transactions");
    }

    private static Counter counter(MetricRegistry registry, String name, String help) {
        return registry.counter(
                Metadata.builder().withName(name).withDescription(help).build());
    }

    /** @param number of changes of one transaction */
    void record(int number) {
        commits.inc();
        steps.inc(number);
    }
}
