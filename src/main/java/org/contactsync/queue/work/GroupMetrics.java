package org.contactsync.queue.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.metrics.Counter;
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
        commits = registry.counter(
                MetricText.of("contactsync_group_commits", "Transactions in which changes of several users ran"));
        steps = registry.counter(
                MetricText.of("contactsync_steps_of_group_commits", "Changes that ran in such transactions"));
    }

    /** @param number of changes of one transaction */
    void record(int number) {
        commits.inc();
        steps.inc(number);
    }
}
