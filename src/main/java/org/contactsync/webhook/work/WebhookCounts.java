package org.contactsync.webhook.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.contactsync.metric.MetricText;
import org.contactsync.webhook.EndpointState;
import org.contactsync.webhook.EndpointState.Figures;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.eclipse.microprofile.metrics.Tag;
import org.jspecify.annotations.Nullable;

/** The metrics of webhooks, by the names of the endpoints that the operator has configured. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class WebhookCounts {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private MetricRegistry registry;

    /** For the container's proxy. */
    protected WebhookCounts() {}

    @Inject
    public WebhookCounts(MetricRegistry registry) {
        this.registry = registry;
    }

    /** Shows the metrics of an endpoint from now on. */
    EndpointTurn.Counts of(String endpoint) {
        return new OfEndpoint(new Tag("endpoint", endpoint), System::nanoTime);
    }

    private final class OfEndpoint implements EndpointTurn.Counts {
        private final Counter delivered;
        private final Counter failed;
        private final LongSupplier nanos;
        private volatile @Nullable Seen seen;

        private record Seen(EndpointState endpoint, Figures figures, Instant now, long nanos) {}

        OfEndpoint(Tag tag, LongSupplier nanos) {
            this.nanos = nanos;
            delivered = registry.counter(
                    MetricText.of(
                            "contactsync_webhook_delivered",
                            "Messages that this instance has delivered to an endpoint"),
                    tag);
            failed = registry.counter(
                    MetricText.of(
                            "contactsync_webhook_failed",
                            "Attempts of this instance to deliver to an endpoint that failed"),
                    tag);
            register(
                    tag,
                    "contactsync_webhook_lag",
                    MetricUnits.SECONDS,
                    "Every change that is older has been delivered to the endpoint or given up",
                    this::lag);
            register(
                    tag,
                    "contactsync_webhook_waiting",
                    MetricUnits.NONE,
                    "Deliveries that failed and are tried again; counted up to 1000",
                    () -> figure(seen, each -> each.figures().waiting()));
            register(
                    tag,
                    "contactsync_webhook_dead",
                    MetricUnits.NONE,
                    "Deliveries that were given up and that an operator may replay; counted up to 10000",
                    () -> figure(seen, each -> each.figures().dead()));
            register(
                    tag,
                    "contactsync_webhook_disabled",
                    MetricUnits.NONE,
                    "1 if the endpoint has answered 410 and gets nothing any more",
                    () -> figure(seen, each -> each.endpoint().gone() ? 1 : 0));
        }

        private void register(Tag tag, String name, String unit, String help, Supplier<Double> figure) {
            registry.gauge(MetricText.of(name, unit, help), figure, tag);
        }

        private double lag() {
            return figure(seen, each -> {
                Instant until = each.endpoint().toldUntil(each.figures());
                double then = Duration.between(until, each.now()).toMillis() / MILLIS;
                return Math.max(0, then) + (nanos.getAsLong() - each.nanos()) / NANOS;
            });
        }

        private interface Figure {
            double of(Seen seen);
        }

        private static double figure(@Nullable Seen seen, Figure figure) {
            return seen == null ? Double.NaN : figure.of(seen);
        }

        @Override
        public void countDelivered() {
            delivered.inc();
        }

        @Override
        public void countFailed() {
            failed.inc();
        }

        @Override
        public void record(EndpointState endpoint, Figures figures, Instant now) {
            seen = new Seen(endpoint, figures, now, nanos.getAsLong());
        }
    }
}
