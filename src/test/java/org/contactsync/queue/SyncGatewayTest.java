package org.contactsync.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.contactsync.bounds.OwnerLanes;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.message.PendingReplies;
import org.contactsync.queue.message.ReplyRoute;
import org.contactsync.queue.message.SentSteps;
import org.contactsync.queue.message.Stopping;
import org.contactsync.queue.upkeep.DiskRoom;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.settings.DatabaseKind;
import org.contactsync.settings.DiskFloor;
import org.contactsync.settings.Settings;
import org.contactsync.settings.StepsPerCommit;
import org.contactsync.settings.TokenIssuer;
import org.contactsync.sync.Examples;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.Head;
import org.contactsync.sync.task.Replies.Reply;
import org.junit.jupiter.api.Test;

/** What is kept of a request that waits. */
class SyncGatewayTest {
    private final PendingReplies pending = new PendingReplies();
    private final Messages messages = new TakesEverything();
    private final ReplyRoute replies = new ReplyRoute(
            pending,
            messages,
            new Settings(
                    URI.create("http://localhost:1"),
                    Path.of("/none"),
                    DatabaseKind.H2,
                    "test",
                    false,
                    new TokenIssuer.Development(),
                    "admins"));
    private final SentSteps sent = new SentSteps(new StepsPerCommit(4));
    private final SyncGateway gateway = new SyncGateway(
            pending,
            messages,
            new StepTransaction() {},
            replies,
            sent,
            new Stopping(pending),
            new DiskRoom(new DiskFloor(Path.of("/none"), 0)),
            Clock.systemUTC());

    private final WorkBudget budget = new WorkBudget();

    /** A broker that takes each step, and delivers none. */
    private static final class TakesEverything extends Messages {
        @Override
        public void send(Step step, long nowMillis) {}
    }

    SyncGatewayTest() {
        gateway.executor = executor(work -> {
            throw new AssertionError("no wait expires here");
        });
    }

    private static ManagedExecutorService executor(Consumer<Runnable> execute) {
        return (ManagedExecutorService) Proxy.newProxyInstance(
                SyncGatewayTest.class.getClassLoader(),
                new Class<?>[] {ManagedExecutorService.class},
                (self, method, arguments) -> {
                    execute.accept((Runnable) arguments[0]);
                    return null;
                });
    }

    /** Its share of the budget is released then, and the request may wait for a minute. */
    @Test
    void nothingKeepsAStepWhoseTaskHasARowWhileItsRequestWaits() {
        Parked parked = parked();

        await().pollInSameThread().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return parked.step().get() == null;
        });
        assertThat(pending.size()).as("the request still waits").isEqualTo(1);
        assertThat(parked.outcome().toCompletableFuture()).isNotDone();
    }

    /** Threads that park may all wait for the database, longer than the request. */
    @Test
    void nothingKeepsAStepWhoseRequestHasNotBeenParkedInTime() {
        List<Runnable> blocked = new CopyOnWriteArrayList<>();
        gateway.executor = executor(Runnable::run);
        gateway.parking =
                new TimedLanes(new OwnerLanes(blocked::add, new OwnerLanes.Bounds(1, 1, 1)), Duration.ofMillis(50));
        Parked refused = accepted();

        await().pollInSameThread().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return refused.step().get() == null;
        });
        assertThat(blocked).as("its work still waits for a thread").hasSize(1);
        assertThat(refused.outcome().toCompletableFuture().join()).isInstanceOf(Outcome.Refused.class);

        blocked.get(0).run();

        assertThat(pending.size()).isZero();
    }

    private Parked accepted() {
        ApplyChanges step = step();
        CompletionStage<Outcome> outcome = gateway.apply(step, new Wait.NotAtAll(), budget.share(step.owner()));
        return new Parked(new WeakReference<>(step), outcome);
    }

    /** A step that nothing here refers to any more. */
    private record Parked(WeakReference<ApplyChanges> step, CompletionStage<Outcome> outcome) {}

    private Parked parked() {
        ApplyChanges step = step();
        CompletionStage<Outcome> outcome =
                gateway.apply(step, new Wait.UntilDone(Duration.ofMinutes(10)), budget.share(step.owner()));
        replies.deliver(new Reply(step.head().replyTo(), new Outcome.Gone(), true));
        return new Parked(new WeakReference<>(step), outcome);
    }

    private ApplyChanges step() {
        Head head = new Head(
                Examples.ADA, TaskId.random(), Optional.empty(), Instant.EPOCH, gateway.replyTo(UUID.randomUUID()));
        return new ApplyChanges(
                head,
                Examples.DIGEST,
                Examples.SOME_CODE,
                new IncrementalSync(List.of(Examples.put(1, "Ada")), Optional.empty(), OnMismatch.REBASE, false));
    }
}
