package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.contactsync.it.Windows.Failure;
import org.contactsync.it.Windows.Stop;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Failures and crashes while several changes of one user are in one transaction (docs/concurrency.md, "Crash windows"). */
class SharedCommitIT extends WindowsFrame {
    private int gathered;

    SharedCommitIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        super(directory, "shared_commit", Windows::of);
    }

    @Test
    @Order(1)
    void changesThatWaitTogetherAreEachAnsweredAndThere() {
        Together changes = new Together(freeUser(), Windows.UNHURT);
        changes.answered();
        changes.areThereOnce();
        changes.repeated();
        assertThat(sharedCommits()).isEqualTo(1);
    }

    @Test
    @Order(2)
    void whenTheirTransactionFailsEachRunsAlone() {
        Together changes = new Together(freeUser(), Windows.device(Failure.TOGETHER_OF_DATABASE_COMMIT));
        changes.answered();
        assertThat(windows.timesReached(Failure.TOGETHER_OF_DATABASE_COMMIT)).isEqualTo(1);
        changes.areThereOnce();
        changes.repeated();
        assertThat(sharedCommits()).isEqualTo(1);
    }

    @Test
    @Order(3)
    void everyWindowOfACrashIsClosed() {
        Together committing = new Together(freeUser(), Windows.device(Stop.TOGETHER_BEFORE_DATABASE_COMMIT));
        windows.awaitReached(Stop.TOGETHER_BEFORE_DATABASE_COMMIT, 1);
        Together committed = new Together(freeUser(), Windows.device(Stop.TOGETHER_AFTER_COMMIT));
        windows.awaitReached(Stop.TOGETHER_AFTER_COMMIT, 1);
        Together replied = new Together(freeUser(), Windows.device(Stop.TOGETHER_AFTER_REPLIES));
        windows.awaitReached(Stop.TOGETHER_AFTER_REPLIES, 1);
        replied.answered();
        server.kill();
        server.start();

        assertThat(committing.user.book().number("seq")).isEqualTo(1);
        committing.repeated();
        committing.areThereOnce();

        assertThat(committed.user.book().number("seq")).isEqualTo(Together.CHANGES);
        committed.repeated();
        committed.areThereOnce();

        replied.areThereOnce();
        replied.repeated();
    }

    private long sharedCommits() {
        return Figures.fresh(server).value("contactsync_shared_commits_total");
    }

    /** The first change keeps the session until the others have been sent: those run together. */
    private final class Together {
        static final int CHANGES = 3;

        private final Device user;
        private final String before;
        private final List<KeyedChange> changes = new ArrayList<>();

        Together(Device user, String marked) {
            this.user = user;
            before = user.checkCode();
            send(Windows.GATHERS);
            windows.awaitGathering(++gathered);
            send(marked);
            windows.awaitSent(marked, 1);
            send(Windows.LETS_GO);
        }

        private void send(String device) {
            changes.add(new KeyedChange(user, before, "uid-" + changes.size(), device));
        }

        void answered() {
            assertThat(changes).extracting(KeyedChange::seq).containsExactlyInAnyOrder(1, 2, 3);
        }

        void repeated() {
            changes.forEach(KeyedChange::repeated);
        }

        void areThereOnce() {
            KeyedChange.assertThereOnce(
                    user, changes.stream().map(KeyedChange::uid).toList());
        }
    }
}
