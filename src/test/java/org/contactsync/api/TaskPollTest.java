package org.contactsync.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.queue.event.RecordedScheduler;
import org.contactsync.sync.event.BookEvent.TaskEnded;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskPollTest {
    private static final Owner ADA = new Owner("https://issuer.example", "ada");
    private static final TaskId TASK = TaskId.random();
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private final RecordedScheduler scheduler = new RecordedScheduler();
    private Instant now = NOON;
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };
    private int looks;
    private TaskState state = TaskState.WAITING;
    private boolean busy;
    private final TaskPoll poll =
            new TaskPoll(view(TaskState.WAITING), NOON.plusSeconds(20), this::look, scheduler, clock);
    private final CompletableFuture<TaskView> finished = poll.finished().toCompletableFuture();

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    @Test
    void aTaskThatEndsIsLookedAtWhenItIsTold() {
        poll.start();
        pass(TaskPoll.FIRST_LOOK);
        state = TaskState.DONE;
        poll.tell(new TaskEnded(ADA, TASK));
        assertThat(scheduler.pauses()).containsExactly(Duration.ZERO);
        scheduler.runAll();

        assertThat(finished.join().state()).isEqualTo(TaskState.DONE);
        assertThat(looks).isEqualTo(2);
        poll.tell(new TaskEnded(ADA, TASK));
        assertThat(scheduler.pauses()).isEmpty();
    }

    /** A task that ended between the request's own look and its subscription. */
    @Test
    void whatWasNotToldIsSeenSoonAfterTheBeginning() {
        state = TaskState.FAILED;
        poll.start();
        pass(TaskPoll.FIRST_LOOK);

        assertThat(finished.join().state()).isEqualTo(TaskState.FAILED);
    }

    /** An event may be lost. */
    @Test
    void withoutBeingToldItLooksSeldom() {
        poll.start();
        pass(TaskPoll.FIRST_LOOK);
        pass(TaskPoll.SELDOM);
        state = TaskState.DONE;
        pass(TaskPoll.SELDOM);

        assertThat(finished.join().state()).isEqualTo(TaskState.DONE);
        assertThat(looks).isEqualTo(3);
    }

    @Test
    void aWaitThatRunsOutEndsWithTheTaskAsItIs() {
        poll.start();
        for (int i = 0; i < 5; i++) {
            assertThat(finished).isNotDone();
            Duration next = scheduler.pauses().get(0);
            pass(next);
        }

        assertThat(finished.join().state()).isEqualTo(TaskState.WAITING);
        assertThat(now).isEqualTo(NOON.plusSeconds(20));
        assertThat(looks).isEqualTo(5);
    }

    @Test
    void theEndOfAnotherTaskIsNotLookedAt() {
        poll.start();
        pass(TaskPoll.FIRST_LOOK);
        poll.tell(new TaskEnded(ADA, TaskId.random()));

        assertThat(scheduler.pauses()).containsExactly(TaskPoll.SELDOM);
    }

    @Test
    void withoutAPlaceToReadItLooksAgainSoon() {
        busy = true;
        poll.start();
        pass(TaskPoll.FIRST_LOOK);
        assertThat(scheduler.pauses()).containsExactly(TaskPoll.BUSY);
        busy = false;
        state = TaskState.DONE;
        pass(TaskPoll.BUSY);

        assertThat(finished.join().state()).isEqualTo(TaskState.DONE);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        scheduler.runAll();
    }

    private Optional<TaskView> look() {
        looks++;
        return busy ? Optional.empty() : Optional.of(view(state));
    }

    private static TaskView view(TaskState state) {
        return new TaskView(
                TASK,
                TaskKind.INCREMENTAL,
                state,
                0,
                Optional.empty(),
                Optional.empty(),
                NOON,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
