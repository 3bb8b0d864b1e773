package org.contactsync.client.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.contactsync.client.local.JdbcSqlite;
import org.contactsync.client.local.LocalDatabase;
import org.contactsync.client.local.LocalDatabaseFailure;
import org.contactsync.protocol.Priority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 11.3. */
class TaskQueueTest {
    @TempDir
    Path files;

    private final SetClock clock = new SetClock();
    private LocalDatabase database;
    private TaskQueue queue;

    @BeforeEach
    void open() throws IOException {
        database = LocalDatabase.open(JdbcSqlite.open(files.resolve("queue.db")));
        database.takeTurn();
        queue = new TaskQueue(database, clock, () -> 0);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void runsInOrderAndAPersonsFirst() {
        queue.add("sync", "a", Priority.BACKGROUND);
        queue.add("sync", "b", Priority.BACKGROUND);
        queue.add("sync", "c", Priority.USER);

        assertThat(queue.unfinished()).extracting(QueuedTask::options).containsExactly("c", "a", "b");
        assertThat(queue.take().map(QueuedTask::options)).contains("c");
    }

    @Test
    void mergesEqualTasksThatWaitAndNoneThatRuns() {
        long first = queue.add("sync", "", Priority.BACKGROUND).id();

        assertThat(queue.add("sync", "", Priority.USER).id()).isEqualTo(first);
        assertThat(queue.unfinished()).singleElement().matches(task -> task.priority() == Priority.USER);
        queue.take();
        assertThat(queue.add("sync", "", Priority.BACKGROUND).id()).isNotEqualTo(first);
        assertThat(queue.unfinished()).hasSize(2);
    }

    @Test
    void waitsLongerAfterEachFailureAndAsLongAsTheServerAsks() {
        queue.add("sync", "", Priority.BACKGROUND);
        QueuedTask task = queue.take().orElseThrow();
        QueuedTask later = queue.later(task, "unreachable", Duration.ZERO);
        assertThat(later.notBefore()).isEqualTo(clock.instant().plusSeconds(1));
        assertThat(queue.take()).isEmpty();

        clock.pass(Duration.ofSeconds(1));
        task = queue.take().orElseThrow();
        assertThat(task.reason()).contains("unreachable");
        assertThat(queue.later(task, "quota", Duration.ofSeconds(30)).notBefore())
                .isEqualTo(clock.instant().plusSeconds(30));
        assertThat(queue.nextDue()).contains(clock.instant().plusSeconds(30));
    }

    @Test
    void aPersonDoesNotWaitForTheBackOffOfAnEqualTask() {
        queue.add("sync", "", Priority.BACKGROUND);
        queue.later(queue.take().orElseThrow(), "unreachable", Duration.ofMinutes(4));

        queue.add("sync", "", Priority.USER);

        assertThat(queue.take()).isPresent();
    }

    @Test
    void aTaskThatRanWhenTheProcessWasKilledWaitsAgain() throws IOException {
        queue.add("sync", "", Priority.BACKGROUND);
        queue.take();
        database.close(); // as a kill does: nothing is written

        database = LocalDatabase.open(JdbcSqlite.open(files.resolve("queue.db")));
        database.takeTurn();
        queue = new TaskQueue(database, clock, () -> 0);
        queue.recover();

        assertThat(queue.take()).isPresent();
    }

    @Test
    void aProcessThatHasLostItsTurnCannotWrite() throws IOException {
        queue.add("sync", "", Priority.BACKGROUND);
        QueuedTask task = queue.take().orElseThrow();
        try (LocalDatabase second = LocalDatabase.open(JdbcSqlite.open(files.resolve("queue.db")))) {
            second.takeTurn();
            new TaskQueue(second, clock, () -> 0).recover();

            assertThatThrownBy(() -> queue.remove(task)).isInstanceOf(LocalDatabaseFailure.class);
            assertThat(queue.unfinished()).hasSize(1);
            assertThat(queue.add("sync", "other", Priority.USER).isRunning()).isFalse();
        }
    }

    @Test
    void aTaskThatWasMergedIntoOneThatWaitsAgainIsFinishedWithIt() {
        queue.add("sync", "", Priority.BACKGROUND);
        QueuedTask running = queue.take().orElseThrow();
        long second = queue.add("sync", "", Priority.USER).id();
        queue.putBack(running);
        QueuedTask again = queue.take().orElseThrow();
        long third = queue.add("sync", "", Priority.BACKGROUND).id();
        QueuedTask later = queue.later(again, "unreachable", Duration.ZERO);

        assertThat(queue.unfinished()).singleElement().matches(task -> task.priority() == Priority.USER);
        assertThat(queue.isUnfinished(second)).isTrue();
        assertThat(queue.isUnfinished(third)).isTrue();

        clock.pass(Duration.ofSeconds(5));
        assertThat(queue.remove(queue.take().orElseThrow())).containsExactlyInAnyOrder(later.id(), second, third);
        assertThat(queue.isUnfinished(second)).isFalse();
        assertThat(queue.isUnfinished(third)).isFalse();
    }

    @Test
    void aTaskThatWasMergedIsDoneAlthoughTheOtherOneIsTakenBack() {
        queue.add("sync", "", Priority.BACKGROUND);
        QueuedTask running = queue.take().orElseThrow();
        long second = queue.add("sync", "", Priority.BACKGROUND).id();
        queue.putBack(running);

        assertThat(queue.cancel(running.id())).isTrue();

        assertThat(queue.isUnfinished(running.id())).isFalse();
        assertThat(queue.isUnfinished(second)).isTrue();
        assertThat(queue.cancel(second)).isTrue();
        assertThat(queue.unfinished()).isEmpty();
    }

    @Test
    void isBounded() {
        for (int i = 0; i < 100; i++) {
            queue.add("sync", "" + i, Priority.BACKGROUND);
        }
        assertThatThrownBy(() -> queue.add("sync", "more", Priority.USER)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWaitingTaskIsTakenBack() {
        QueuedTask task = queue.add("sync", "", Priority.BACKGROUND);
        assertThat(queue.cancel(task.id())).isTrue();
        assertThat(queue.take()).isEqualTo(Optional.empty());
    }

    private static final class SetClock extends Clock {
        private Instant now = Instant.parse("2026-11-26T10:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

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
    }
}
