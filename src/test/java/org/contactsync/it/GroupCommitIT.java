package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.contactsync.contact.Uid;
import org.contactsync.it.Windows.Stop;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Failures and crashes while changes of several users are in one transaction (docs/concurrency.md, "Crash windows"). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class GroupCommitIT {
    /** Longer than anything here takes. */
    private static final String PATIENT = "wait=55";

    private static final int MOST_USERS = 30;

    /** So many changes never share a transaction with those of other users. */
    private static final int LARGE = 2;

    private final LibertyServer server;
    private final Windows windows;
    private int begun;
    private int joined;

    GroupCommitIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory).withDatabase("group_commit");
        windows = GroupWindows.of(server, directory);
        server.start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    @Test
    @Order(1)
    void changesOfUsersThatWaitAreInOneTransaction() {
        Together changes = new Together(Windows.UNHURT, Windows.UNHURT);
        changes.answered(Together.USERS);
        changes.areThereOnce();
        changes.repeated();
        assertGroups(1, Together.USERS);
    }

    @Test
    @Order(2)
    void whenTheirTransactionFailsEachRunsAlone() {
        Together changes = new Together(Windows.UNHURT, GroupWindows.FAILS);
        changes.answered(Together.USERS);
        assertThat(windows.times(GroupWindows.FAILS)).isEqualTo(1);
        changes.areThereOnce();
        changes.repeated();
        assertGroups(1, Together.USERS);
    }

    @Test
    @Order(3)
    void aChangeThatCannotBeWorkedOutFailsAlone() {
        Together changes = new Together(Windows.UNHURT, GroupWindows.THROWS);
        changes.answered(Together.USERS - 1);
        changes.last().answer.join().is(ProblemType.INTERNAL_ERROR.status());
        assertThat(changes.last().user.book().number("seq")).isZero();
        changes.repeated();
        changes.areThereOnce();
        assertGroups(1, Together.USERS);
    }

    @Test
    @Order(4)
    void everyWindowOfACrashIsClosed() {
        String answering = Windows.device(Stop.AFTER_COMMIT_BEFORE_REPLY);
        Together committed = new Together(answering, answering);
        windows.awaitReached(Stop.AFTER_COMMIT_BEFORE_REPLY, Together.USERS);
        assertGroups(2, 2 * Together.USERS);
        Together committing = new Together(Windows.UNHURT, GroupWindows.STOPS);
        windows.awaitReached(GroupWindows.STOPS, 1);
        server.kill();
        server.start();

        committed.areThereOnce();
        committed.repeated();
        committed.areThereOnce();

        for (Change change : committing.changes) {
            assertThat(change.user.book().number("seq")).isZero();
        }
        committing.repeated();
        committing.areThereOnce();
    }

    /** Transactions with changes of several users since the start, and the changes that ran in them. */
    private void assertGroups(int transactions, int changes) {
        Figures figures = Figures.fresh(server);
        assertThat(figures.value("contactsync_group_commits_total")).isEqualTo(transactions);
        assertThat(figures.value("contactsync_steps_of_group_commits_total")).isEqualTo(changes);
    }

    /** A user whose messages do not come to a consumer that is busy with one that waits, as in {@link NarrowWindowsIT}. */
    private Device freeUser() {
        String foreign = Device.ofNewUser(server).checkCode();
        for (int i = 0; i < MOST_USERS; i++) {
            Device device = Device.ofNewUser(server);
            device.checkCode();
            HttpAnswer answer = device.patch(foreign, Changes.puts(0, LARGE).body(), "Prefer", "wait=2");
            if (answer.status() == ProblemType.CHECK_CODE_MISMATCH.status()) {
                return device;
            }
        }
        throw new AssertionError("no consumer is free");
    }

    /** A change of a user of its own. */
    private final class Change {
        private static final String UID = "uid-1";

        private final Device user = freeUser();
        private final String before = user.checkCode();
        private final String key = "\"" + UUID.randomUUID() + "\"";
        private final CompletableFuture<HttpAnswer> answer;

        Change(String device) {
            answer = user.another(device).patchAsync(before, body(), "Prefer", PATIENT, "Idempotency-Key", key);
        }

        private static String body() {
            return new Changes()
                    .putOver(null, UID, Changes.card("Ada"))
                    .rebase()
                    .body();
        }

        void answered() {
            assertThat(answer.join().is(200).json().getInt("seq")).isEqualTo(1);
        }

        /** By a device without a mark: the answer is the one that was given, if one was. */
        void repeated() {
            HttpAnswer again = user.patch(before, body(), "Prefer", PATIENT, "Idempotency-Key", key)
                    .is(200);
            assertThat(again.json().getInt("seq")).isEqualTo(1);
            if (answer.isDone()
                    && !answer.isCompletedExceptionally()
                    && answer.join().status() == 200) {
                assertThat(again.tag()).isEqualTo(answer.join().tag());
            }
        }

        void isThereOnce() {
            assertThat(user.book().number("seq")).isEqualTo(1);
            BookModel read = user.read();
            assertThat(read.contacts()).containsOnlyKeys(new Uid(UID));
            assertThat(read.checkCode()).isEqualTo(user.checkCode());
            assertThat(user.get("/v1/book/changes?since=0").is(200).json().getJsonArray("changes"))
                    .hasSize(1);
            assertThat(user.get("/v1/book/history").is(200).json().getJsonArray("changes"))
                    .hasSize(1);
        }
    }

    /** The first change begins a transaction, and takes the others with it when all of them wait. */
    private final class Together {
        static final int USERS = 4;

        private final List<Change> changes = new ArrayList<>();

        /**
         * @param mark of all devices but the last one
         * @param ofLast of that one
         */
        Together(String mark, String ofLast) {
            changes.add(new Change(GroupWindows.BEGINS + "-" + mark));
            windows.awaitReached(GroupWindows.BEGINS, ++begun);
            while (changes.size() < USERS) {
                changes.add(new Change(GroupWindows.JOINS + "-" + (changes.size() < USERS - 1 ? mark : ofLast)));
                windows.awaitReached(GroupWindows.JOINS, ++joined);
            }
            Device goes = freeUser();
            goes.another(Windows.LETS_GO)
                    .patch(goes.checkCode(), Changes.puts(0, LARGE).body(), "Prefer", PATIENT)
                    .is(200);
        }

        Change last() {
            return changes.get(USERS - 1);
        }

        void answered(int first) {
            changes.subList(0, first).forEach(Change::answered);
        }

        void repeated() {
            changes.forEach(Change::repeated);
        }

        void areThereOnce() {
            changes.forEach(Change::isThereOnce);
        }
    }
}
