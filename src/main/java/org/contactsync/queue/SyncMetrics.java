package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.protocol.Outcome.Refused;
import org.contactsync.protocol.Outcome.Told;
import org.contactsync.sync.Replies.Reply;
import org.contactsync.sync.Step;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

/** The figures of the queue at {@code /metrics}. Each is looked up once: the registry's own search is slow. Thread-safe. */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class SyncMetrics {
    private static final int PRECONDITION_FAILED = 412;

    private final ConcurrentHashMap<Outcome, Counter> outcomes = new ConcurrentHashMap<>();
    private MetricRegistry registry;
    private Timer queueWait;
    private Timer step;
    private Counter mismatches;
    private Counter uploadBytes;

    /** A label pair: there are as many as kinds of steps times statuses. */
    private record Outcome(String kind, String outcome) {}

    /** For the container's proxy. */
    protected SyncMetrics() {}

    @Inject
    public SyncMetrics(MetricRegistry registry) {
        this.registry = registry;
        queueWait = registry.timer(described("contactsync_queue_wait", "From sending a step to its start"));
        step = registry.timer(
                described("contactsync_step", "From a step's start to its last reply, transaction included"));
        mismatches = registry.counter(described(
                "contactsync_check_code_mismatches", "Tasks that were made from another book than the server's"));
        uploadBytes = registry.counter(described("contactsync_upload_bytes", "Bytes of chunks as they were sent"));
    }

    void queueWait(long millis) {
        queueWait.update(Duration.ofMillis(Math.max(0, millis)));
    }

    void applied(long millis) {
        step.update(Duration.ofMillis(Math.max(0, millis)));
    }

    void outcome(Step done, Reply reply) {
        String kind = done.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        outcomes.computeIfAbsent(new Outcome(kind, outcome(reply)), this::counter)
                .inc();
        if (status(reply) == PRECONDITION_FAILED) {
            mismatches.inc();
        }
    }

    /** Bytes of chunks as they were sent. */
    public void chunkBytes(long bytes) {
        uploadBytes.inc(bytes);
    }

    private Counter counter(Outcome outcome) {
        return registry.counter(
                described("contactsync_steps", "Steps that were worked on, by kind and outcome"),
                new Tag("kind", outcome.kind()),
                new Tag("outcome", outcome.outcome()));
    }

    private static Metadata described(String name, String help) {
        return Metadata.builder().withName(name).withDescription(help).build();
    }

    private static String outcome(Reply reply) {
        if (reply.parked()) {
            return "parked";
        }
        int status = status(reply);
        return status == 0 ? "done" : "refused_" + status;
    }

    /** HTTP status of a refusal; 0 of anything else. */
    private static int status(Reply reply) {
        if (reply.outcome() instanceof Refused refused) {
            return refused.problem().type().status();
        }
        return reply.outcome() instanceof Told told && told.answer().isProblem()
                ? told.answer().status()
                : 0;
    }
}
