package org.contactsync.queue;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Locale;
import org.contactsync.protocol.Answer;
import org.contactsync.sync.Replies.Reply;
import org.contactsync.sync.Step;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** The figures of the queue at {@code /metrics}. Thread-safe. */
@Dependent
public class SyncMetrics {
    private static final int PRECONDITION_FAILED = 412;

    private final MetricRegistry registry;

    @Inject
    public SyncMetrics(MetricRegistry registry) {
        this.registry = registry;
    }

    void queueWait(long millis) {
        registry.timer("contactsync_queue_wait").update(Duration.ofMillis(Math.max(0, millis)));
    }

    void applied(long millis) {
        registry.timer("contactsync_step").update(Duration.ofMillis(Math.max(0, millis)));
    }

    void outcome(Step step, Reply reply) {
        String kind = step.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        registry.counter("contactsync_steps", new Tag("kind", kind), new Tag("outcome", outcome(reply)))
                .inc();
        if (reply.answer().status() == PRECONDITION_FAILED) {
            registry.counter("contactsync_check_code_mismatches").inc();
        }
    }

    /** Bytes of chunks as they were sent. */
    public void chunkBytes(long bytes) {
        registry.counter("contactsync_upload_bytes").inc(bytes);
    }

    private static String outcome(Reply reply) {
        Answer answer = reply.answer();
        if (reply.parked()) {
            return "parked";
        }
        return answer.isProblem() ? "refused_" + answer.status() : "done";
    }
}
