package org.contactsync.queue.work;

import org.eclipse.microprofile.metrics.Metadata;

/** What an operator reads of a metric. */
public final class MetricText {
    private MetricText() {}

    /** @param help what the metric counts or measures */
    public static Metadata of(String name, String help) {
        return Metadata.builder().withName(name).withDescription(help).build();
    }
}
