package org.contactsync.api.history;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.sync.TestService;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/** Restores a large book as the server does, through the core in this process. */
public final class LongRestoreOverSteps {
    private final TestService service;
    private final Restoring restoring;

    public LongRestoreOverSteps(TestService service, Restoring restoring) {
        this.service = service;
        this.restoring = restoring;
    }

    /** What the request is answered that waits for the end. */
    public Outcome run(Step.Head head, RequestDigest digest, Reading<RestorePlan> plan) {
        return new FilledUpload(new Instance(), head, digest)
                .restore(restoring, plan, () -> {})
                .toCompletableFuture()
                .join();
    }

    private final class Instance implements FilledUpload.Instance {
        @Override
        public Outcome run(Step step) {
            return service.answer(step);
        }

        @Override
        public Outcome end(Step.Head head, TaskState state, Outcome kept) {
            return service.endUpload(head, state, ((Refused) kept).problem());
        }

        @Override
        public Outcome endUnopened(Step.OpenUpload step, TaskState state, Outcome kept) {
            return service.endUnopened(step, state, ((Refused) kept).problem());
        }

        @Override
        public boolean stops() {
            return false;
        }

        @Override
        public Step.Head next(Step.Head head) {
            return new Step.Head(head.owner(), head.task(), head.device(), service.now(), head.replyTo());
        }

        @Override
        public Instant now() {
            return service.now();
        }

        @Override
        public void pause(Duration time) {
            service.pass(time);
            service.sweep();
        }

        @Override
        public boolean begins(Step.Head head) {
            return true;
        }

        @Override
        public CompletionStage<Outcome> later(Duration time, Supplier<CompletionStage<Outcome>> next) {
            pause(time);
            return next.get();
        }

        @Override
        public Optional<BookState> book(Owner owner) {
            return service.readings().book(owner);
        }
    }
}
