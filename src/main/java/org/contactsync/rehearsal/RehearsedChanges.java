package org.contactsync.rehearsal;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.queue.message.Messages;
import org.contactsync.queue.message.PendingReplies;
import org.contactsync.queue.work.RehearsedException;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.sync.step.Group;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.StepCodec;
import org.contactsync.sync.task.Replies;

/**
 * Applies changes in transactions that are rolled back, and sends their outcomes through the broker to this instance's own reply queue.
 * Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("NullAway.Init") // filled by the container
public class RehearsedChanges {
    private static final Duration WAIT = Duration.ofSeconds(10);

    /** One change in so many is followed by a transaction of several users. */
    private static final int GROUP_EACH = 8;

    private static final int GROUP = 8;

    private final StepCodec codec = new StepCodec();
    private final AtomicInteger number = new AtomicInteger();
    private PendingReplies pending;
    private Messages messages;
    private StepTransaction transaction;

    @Resource
    private ManagedExecutorService executor;

    /** For the container's proxy. */
    protected RehearsedChanges() {}

    @Inject
    public RehearsedChanges(PendingReplies pending, Messages messages, StepTransaction transaction) {
        this.pending = pending;
        this.messages = messages;
        this.transaction = transaction;
    }

    /** Completes with what the change would have come to; exceptionally if the database or the broker fails, or is late. */
    CompletionStage<Outcome> apply(ApplyChanges step) {
        CompletableFuture<Outcome> outcome = pending.add(
                        step.owner(), step.head().replyTo().correlation(), true, () -> {})
                .outcome();
        byte[] message = codec.write(step);
        CompletableFuture.runAsync(() -> run(message), executor).exceptionally(failure -> {
            outcome.completeExceptionally(failure);
            return null;
        });
        return outcome.orTimeout(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run(byte[] message) {
        ApplyChanges step = codec.read(message).asApplyChanges().orElseThrow();
        Replies replies = rehearse(step);
        if (number.incrementAndGet() % GROUP_EACH == 0) {
            rehearse(new Group(
                    IntStream.range(0, GROUP).mapToObj(i -> ofAnother(step, i)).toList()));
        }
        replies.replies().forEach(messages::send);
    }

    private Replies rehearse(ApplyChanges step) {
        try {
            transaction.rehearse(step);
        } catch (RehearsedException e) {
            return e.replies();
        }
        throw new IllegalStateException("not rolled back");
    }

    private void rehearse(Group group) {
        try {
            transaction.rehearse(group);
        } catch (RehearsedException e) {
            return;
        }
        throw new IllegalStateException("not rolled back");
    }

    private static ApplyChanges ofAnother(ApplyChanges step, int number) {
        Owner owner = new Owner(step.owner().issuer(), step.owner().subject() + "-" + number);
        Step.Head head = step.head();
        return new ApplyChanges(
                new Step.Head(owner, TaskId.random(), head.device(), head.acceptedAt(), head.replyTo()),
                step.digest(),
                step.firstCode(),
                step.sync(),
                step.priority());
    }
}
