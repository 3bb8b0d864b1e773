package org.contactsync.metric;

import org.eclipse.microprofile.metrics.Metadata;

/** What an operator reads of a metric. */
public final class MetricText {
    private MetricText() {}

    /**
     * Of a metric without a unit.
     *
     * @param help what the metric counts or measures
     */
    public static Metadata of(String name, String help) {
        return Metadata.builder().withName(name).withDescription(help).build();
    }

    /**
     * @param unit a word of {@code MetricUnits}; the name at {@code /metrics} ends with it, unless it is {@code none}
     * @param help what the metric counts or measures
     */
    public static Metadata of(String name, String unit, String help) {
        return Metadata.builder()
                .withName(name)
                .withUnit(unit)
                .withDescription(help)
                .build();
    }
}
