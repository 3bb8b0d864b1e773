package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.metric.MetricText;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.Outcome.Told;
import org.contactsync.protocol.problem.Problem.SyncLoop;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.task.Replies.Reply;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

/** The metrics of the queue. Each is looked up once, because the registry's own search is slow. Thread-safe. */
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
    private Counter loops;
    private Counter series;
    private Counter stepsTogether;

    /** A pair of labels; there are as many as kinds of steps times statuses. */
    private record Outcome(String kind, String outcome) {}

    /** For the container's proxy. */
    protected SyncMetrics() {}

    @Inject
    public SyncMetrics(MetricRegistry registry) {
        this.registry = registry;
        queueWait = registry.timer(MetricText.of("contactsync_queue_wait", "From sending a step to its start"));
        step = registry.timer(
                MetricText.of("contactsync_step", "From a step's start to its last reply, transaction included"));
        mismatches = registry.counter(MetricText.of(
                "contactsync_check_code_mismatches", "Tasks that were made from another book than the server's"));
        series = registry.counter(
                MetricText.of("contactsync_shared_commits", "Transactions in which several changes of one user ran"));
        stepsTogether = registry.counter(
                MetricText.of("contactsync_steps_of_shared_commits", "Changes that ran in such transactions"));
        loops = registry.counter(MetricText.of(
                "contactsync_sync_loops", "Tasks refused because two devices changed contacts back and forth"));
        uploadBytes = registry.counter(MetricText.of("contactsync_upload_bytes", "Bytes of chunks as they were sent"));
    }

    void recordQueueWait(long millis) {
        queueWait.update(Duration.ofMillis(Math.max(0, millis)));
    }

    /**
     * A transaction has ended.
     *
     * @param number of its steps
     */
    void recordSteps(int number, long millis) {
        for (int i = 0; i < number; i++) {
            step.update(Duration.ofMillis(Math.max(0, millis)));
        }
        if (number > 1) {
            series.inc();
            stepsTogether.inc(number);
        }
    }

    void countOutcome(Step done, Reply reply) {
        outcomes.computeIfAbsent(new Outcome(done.kind().label(), outcome(reply)), this::counter)
                .inc();
        if (status(reply) == PRECONDITION_FAILED) {
            mismatches.inc();
        }
        if (reply.outcome() instanceof Refused refused && refused.problem() instanceof SyncLoop) {
            loops.inc();
        }
    }

    /** Bytes of chunks as they were sent. */
    public void countChunkBytes(long bytes) {
        uploadBytes.inc(bytes);
    }

    private Counter counter(Outcome outcome) {
        return registry.counter(
                MetricText.of("contactsync_steps", "Steps that were worked on, by kind and outcome"),
                new Tag("kind", outcome.kind()),
                new Tag("outcome", outcome.outcome()));
    }

    private static String outcome(Reply reply) {
        if (reply.parked()) {
            return "parked";
        }
        int status = status(reply);
        return status == 0 ? "done" : "refused_" + status;
    }

    /** HTTP status of a refusal; 0 for anything else. */
    private static int status(Reply reply) {
        if (reply.outcome() instanceof Refused refused) {
            return refused.problem().type().status();
        }
        return reply.outcome() instanceof Told told && told.answer().isProblem()
                ? told.answer().status()
                : 0;
    }
}
