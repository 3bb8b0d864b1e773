package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.contactsync.contact.Uid;
import org.contactsync.it.Windows.Failure;
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

/** Failures and crashes while several changes of one user are in one transaction (docs/concurrency.md, "Crash windows"). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class SharedCommitIT {
    /** Longer than anything here takes. */
    private static final String PATIENT = "wait=55";

    private static final int MOST_USERS = 20;

    private final LibertyServer server;
    private final Windows windows;
    private int gathered;

    SharedCommitIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory).withDatabase("shared_commit");
        windows = Windows.of(server, directory);
        server.start();
    }

    @AfterAll
    void end() {
        server.close();
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

    /** A user whose messages do not come to a consumer that stands at a window already, as in {@link NarrowWindowsIT}. */
    private Device freeUser() {
        String foreign = Device.ofNewUser(server).checkCode();
        for (int i = 0; i < MOST_USERS; i++) {
            Device device = Device.ofNewUser(server);
            device.checkCode();
            HttpAnswer answer = device.patch(
                    foreign, new Changes().put("nobody", Changes.card("Nobody")).body(), "Prefer", "wait=2");
            if (answer.status() == ProblemType.CHECK_CODE_MISMATCH.status()) {
                return device;
            }
        }
        throw new AssertionError("no consumer is free");
    }

    /** The first change keeps the session until the others have been sent: those run together. */
    private final class Together {
        static final int CHANGES = 3;

        private final Device user;
        private final String before;
        private final List<String> keys = new ArrayList<>();
        private final List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>();

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
            keys.add("\"" + UUID.randomUUID() + "\"");
            answers.add(user.another(device)
                    .patchAsync(
                            before,
                            body(answers.size()),
                            "Prefer",
                            PATIENT,
                            "Idempotency-Key",
                            keys.get(answers.size())));
        }

        private static String body(int number) {
            return new Changes()
                    .putOver(null, uid(number), Changes.card("Number " + number))
                    .rebase()
                    .body();
        }

        private static String uid(int number) {
            return "uid-" + number;
        }

        void answered() {
            Set<Integer> seqs = new HashSet<>();
            answers.forEach(each -> seqs.add(each.join().is(200).json().getInt("seq")));
            assertThat(seqs).containsExactlyInAnyOrder(1, 2, 3);
        }

        /** Each request again, by a device without a mark: the answer is the one that was given, if one was. */
        void repeated() {
            for (int i = 0; i < CHANGES; i++) {
                HttpAnswer again = user.patch(before, body(i), "Prefer", PATIENT, "Idempotency-Key", keys.get(i))
                        .is(200);
                CompletableFuture<HttpAnswer> first = answers.get(i);
                if (first.isDone() && !first.isCompletedExceptionally()) {
                    assertThat(again.json().getInt("seq"))
                            .isEqualTo(first.join().json().getInt("seq"));
                    assertThat(again.tag()).isEqualTo(first.join().tag());
                }
            }
        }

        void areThereOnce() {
            assertThat(user.book().number("seq")).isEqualTo(CHANGES);
            BookModel read = user.read();
            Uid[] expected = Arrays.stream(new int[] {0, 1, 2})
                    .mapToObj(number -> new Uid(uid(number)))
                    .toArray(Uid[]::new);
            assertThat(read.contacts()).containsOnlyKeys(expected);
            assertThat(read.checkCode()).isEqualTo(user.checkCode());
            assertThat(user.get("/v1/book/changes?since=0").is(200).json().getJsonArray("changes"))
                    .hasSize(CHANGES);
            assertThat(user.get("/v1/book/history").is(200).json().getJsonArray("changes"))
                    .hasSize(CHANGES);
        }
    }
}
