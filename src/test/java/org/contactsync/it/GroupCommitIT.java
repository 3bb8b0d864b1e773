package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.contactsync.it.Windows.Stop;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Failures and crashes while changes of several users are in one transaction (docs/concurrency.md, "Crash windows"). */
class GroupCommitIT extends WindowsFrame {
    private int begun;
    private int joined;

    GroupCommitIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        super(directory, "group_commit", GroupWindows::of);
    }

    /** Without them an operator cannot tell no groups from a service that does not count them. */
    @Test
    @Order(0)
    void theCountersAreThereBeforeTheFirstGroup() {
        Figures figures = Figures.fresh(server);
        for (String steps : List.of("2-3", "4-7", "8-15", "16-31", "32")) {
            assertThat(figures.text())
                    .containsPattern("contactsync_group_commits_total\\{[^}]*steps=\"" + steps + "\"[^}]*} 0\\.0\n");
        }
        assertThat(figures.value("contactsync_steps_of_group_commits_total")).isZero();
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
        changes.last().answer().is(ProblemType.INTERNAL_ERROR.status());
        assertThat(changes.last().user().book().number("seq")).isZero();
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

        for (KeyedChange change : committing.changes) {
            assertThat(change.user().book().number("seq")).isZero();
        }
        committing.repeated();
        committing.areThereOnce();
    }

    /** Transactions with changes of several users since the start, and the changes that ran in them. */
    private void assertGroups(int transactions, int changes) {
        Figures figures = Figures.fresh(server);
        assertThat(figures.value("contactsync_group_commits_total")).isEqualTo(transactions);
        assertThat(figures.text())
                .containsPattern("contactsync_group_commits_total\\{[^}]*steps=\"4-7\"[^}]*} " + transactions + "\\.0");
        assertThat(figures.value("contactsync_steps_of_group_commits_total")).isEqualTo(changes);
    }

    /** The first change begins a transaction, and takes the others with it when all of them wait. */
    private final class Together {
        static final int USERS = 4;

        private static final String UID = "uid-1";

        private final List<KeyedChange> changes = new ArrayList<>();

        /**
         * @param mark of all devices but the last one
         * @param ofLast of that one
         */
        Together(String mark, String ofLast) {
            changes.add(change(GroupWindows.BEGINS + "-" + mark));
            windows.awaitReached(GroupWindows.BEGINS, ++begun);
            while (changes.size() < USERS) {
                changes.add(change(GroupWindows.JOINS + "-" + (changes.size() < USERS - 1 ? mark : ofLast)));
                windows.awaitReached(GroupWindows.JOINS, ++joined);
            }
            Device goes = freeUser();
            goes.another(Windows.LETS_GO)
                    .patch(goes.checkCode(), large(), "Prefer", KeyedChange.PATIENT)
                    .is(200);
        }

        /** A change of a user of its own. */
        private KeyedChange change(String device) {
            Device user = freeUser();
            return new KeyedChange(user, user.checkCode(), UID, device);
        }

        KeyedChange last() {
            return changes.get(USERS - 1);
        }

        void answered(int first) {
            assertThat(changes.subList(0, first)).extracting(KeyedChange::seq).containsOnly(1);
        }

        void repeated() {
            assertThat(changes)
                    .extracting(change -> change.repeated().json().getInt("seq"))
                    .containsOnly(1);
        }

        void areThereOnce() {
            changes.forEach(change -> KeyedChange.assertThereOnce(change.user(), List.of(UID)));
        }
    }
}
