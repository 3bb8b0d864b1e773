package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.task.SyncTask;
import org.junit.jupiter.api.Test;

/** Two instances whose clocks differ by an hour, on one store: only the store's clock counts. */
public abstract class ClockScenarios {
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestStore store = newStore();
    private final TestService fast = TestService.ahead(store, HOUR);
    private final TestService slow = TestService.ahead(store, HOUR.negated());
    private final TestDevice phone = fast.device("phone");
    private final TestDevice tablet = slow.device("tablet");

    protected abstract TestStore newStore();

    /** Protocol 1.3: the order of acceptance is the store's, whatever the clocks say. */
    @Test
    void tasksRunInTheOrderInWhichTheStoreGotThem() {
        OpenUpload upload = heldBy(fast, phone);
        ApplyChanges first = tablet.rebasing(slow.code(ADA), absent(2, "first"));
        ApplyChanges second = phone.rebasing(slow.code(ADA), absent(2, "second"));
        ApplyChanges third = tablet.rebasing(slow.code(ADA), absent(2, "third"));

        assertThat(fast.answer(second)).isInstanceOf(Outcome.Accepted.class);
        assertThat(slow.answer(third)).isInstanceOf(Outcome.Accepted.class);
        assertThat(fast.park(first)).isInstanceOf(Outcome.Accepted.class);
        assertThat(store.tasks().waiting(slow.book(ADA).id()))
                .extracting(SyncTask::id)
                .containsExactly(second.task(), third.task(), first.task());
        slow.answer(phone.cancel(upload));

        assertThat(slow.visible(ADA)).isEqualTo(Map.of(uid(2), card("second")));
        assertThat(task(second).state()).isEqualTo(TaskState.DONE);
        assertThat(task(third).state()).isEqualTo(TaskState.FAILED);
        assertThat(task(first).state()).isEqualTo(TaskState.FAILED);
    }

    /** Protocol 8.4: an instance whose clock is fast does not end the upload of another, nor is a lease of its own longer. */
    @Test
    void aLeaseIsAsLongAsTheStoresClockSays() {
        for (TestService holder : List.of(slow, fast)) {
            OpenUpload upload = heldBy(holder, holder.device("holder"));
            Instant now = store.inTransaction(() -> store.housekeeping().now());

            ApplyChanges waits = fast.device("watch").changes(put(7, "waits"));
            assertThat(fast.answer(waits)).isInstanceOf(Outcome.Accepted.class);

            assertThat(store.tasks().find(upload.task()).orElseThrow().state()).isEqualTo(TaskState.RECEIVING);
            Instant until = fast.book(ADA).hold().orElseThrow().leaseUntil();
            assertThat(Duration.between(now, until))
                    .isBetween(TestService.LIMITS.uploadLease().minusMinutes(1), TestService.LIMITS.uploadLease());
            fast.answer(phone.cancel(waits));
            fast.answer(phone.cancel(upload));
        }
    }

    /** A fast clock does not try again at once, and a slow one does not wait for an hour more. */
    @Test
    void theNextAttemptIsAtATimeOfTheStoresClock() {
        ApplyChanges poisoned = tablet.changes(put(1, "poisoned"));
        slow.park(poisoned);
        slow.countFailedAttempt(ADA, poisoned.task());
        Instant now = store.inTransaction(() -> store.housekeeping().now());

        Instant next = store.tasks().payload(poisoned.task()).orElseThrow().nextAttempt();
        assertThat(Duration.between(now, next)).isBetween(Duration.ofMinutes(-1), Duration.ofSeconds(1));
        slow.countFailedAttempt(ADA, poisoned.task());
        slow.countFailedAttempt(ADA, poisoned.task());
        slow.countFailedAttempt(ADA, poisoned.task());
        slow.countFailedAttempt(ADA, poisoned.task());

        // sixteen seconds by the store's clock, which have passed by the clock of this instance
        assertThat(fast.answer(phone.changes(put(2, "next")))).isInstanceOf(Outcome.Accepted.class);
        assertThat(task(poisoned).attempts()).isEqualTo(5);
    }

    private static OpenUpload heldBy(TestService service, TestDevice device) {
        OpenUpload open = device.open(TaskKind.REPLACE, 2, 2);
        assertThat(service.answer(open)).isInstanceOf(Outcome.Opened.class);
        assertThat(service.answer(device.chunk(open, 1, put(1, "held")))).isInstanceOf(Outcome.Acknowledged.class);
        return open;
    }

    private SyncTask task(Step step) {
        return store.tasks().find(step.task()).orElseThrow();
    }

    private static Change absent(int n, String name) {
        return new Change.Put(uid(n), card(name), Optional.of(Change.Expected.ABSENT));
    }
}
