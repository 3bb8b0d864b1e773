package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.contactsync.store.check.BacklogCheck;
import org.contactsync.store.check.BacklogCheck.Backlog;
import org.contactsync.store.sql.DatabaseTime;
import org.junit.jupiter.api.Test;

/** What is unfinished is counted, on both databases alike, and quickly however much there is. */
abstract class BacklogScenarios {
    private static final String TASKS =
            "insert into sync_task (id, book_id, kind, state, accepted_at_micros, request_digest,"
                    + " first_code, reply_queue, reply_correlation, expires_at_millis, attempts)";
    private static final String WAITING =
            "insert into waiting_step (task_id, book_id, payload, next_attempt_millis, named_until_millis)";
    private static final String UPLOADS =
            "insert into upload (task_id, book_id, chunks, contacts, confirm_deletes, generation,"
                    + " next_chunk, received, staged_count, staged_sum, puts, deletes)";

    abstract JpaTestStore store();

    /** A table of the numbers from 1 in a column {@code n}. */
    abstract String numbers(int most);

    @Test
    void anEmptyDatabaseHasNothingUnfinished() {
        assertThat(read()).isEqualTo(new Backlog(0, 0, 0, 0));
    }

    @Test
    void countsWhatWaitsAndSaysForHowLong() {
        // The first that came is of the book with the higher number.
        execute(task(1, 2, "WAITING", 3_600), task(2, 1, "WAITING", 60), waiting(1, 2), waiting(2, 1));
        execute(
                task(3, 1, "RECEIVING", 1),
                upload(3),
                task(4, 1, "DONE", 1),
                upload(4),
                task(5, 3, "FAILED", 9),
                givenUp(5));

        Backlog backlog = read();

        assertThat(backlog.waitingTasks()).isEqualTo(2);
        assertThat(backlog.oldestWaitSeconds()).isBetween(3_600.0, 3_700.0);
        assertThat(backlog.openUploads()).isEqualTo(1);
        assertThat(backlog.givenUpTasks()).isEqualTo(1);
    }

    /** Two seconds are the limit of each statement; so much would wait when every one of 100,000 users were stuck. */
    @Test
    void endsCountingWhenThereIsTooMuch() {
        int most = BacklogCheck.MOST_ROWS + 1_000;
        String id = "cast('00000000-0000-4000-8000-' || lpad(cast(n as varchar(12)), 12, '0') as uuid)";
        execute(
                TASKS + " select " + id + ", n, 'INCREMENTAL', 'WAITING', n, '', '', '', " + id + ", 0, 0 from "
                        + numbers(most),
                WAITING + " select " + id + ", n, " + bytes() + ", 0, 0 from " + numbers(most));

        Backlog backlog = read();

        assertThat(backlog.waitingTasks()).isEqualTo(BacklogCheck.MOST_ROWS);
        assertThat(backlog.oldestWaitSeconds()).isPositive();
    }

    /** An empty text of bytes. */
    abstract String bytes();

    private static String id(int number) {
        return "'00000000-0000-4000-8000-%012d'".formatted(number);
    }

    private static String task(int number, int book, String state, int secondsAgo) {
        return TASKS
                + " values (%s, %d, 'INCREMENTAL', '%s', %s - %d000000, '', '', '', %s, 0, 0)"
                        .formatted(id(number), book, state, DatabaseTime.MICROS, secondsAgo, id(number));
    }

    private String waiting(int number, int book) {
        return WAITING + " values (%s, %d, %s, 0, 0)".formatted(id(number), book, bytes());
    }

    private String upload(int number) {
        return UPLOADS + " values (%s, 1, 1, 1, false, 1, 1, 0, 0, %s, 0, 0)".formatted(id(number), bytes());
    }

    private String givenUp(int number) {
        return "insert into given_up_step (task_id, book_id, payload, given_up_at_millis) values (%s, 3, %s, 0)"
                .formatted(id(number), bytes());
    }

    private void execute(String... statements) {
        store().inTransaction(() -> {
            try (Statement statement = connection().createStatement()) {
                for (String each : statements) {
                    statement.execute(each);
                }
                return true;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Backlog read() {
        return store().inTransaction(() -> {
            try {
                return BacklogCheck.read(connection());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Connection connection() {
        return store().connection();
    }
}
