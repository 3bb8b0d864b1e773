package org.contactsync.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 1.3: a long commit holds up nobody else, even when all users have the same session of the queue. */
class LongCommitIT {
    private static final int CHUNK = 1_000;
    private static final int CHUNKS = 12;

    private final LibertyServer server;

    LongCommitIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        server = LibertyServer.in(directory)
                .with("SYNC_SESSIONS", "1")
                .withDatabase("long_commit")
                .start();
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void anotherUserIsServedWhileThousandsOfChangesAreCommitted() {
        Device busy = Device.ofNewUser(server);
        Device tablet = busy.another("tablet");
        Device other = Device.ofNewUser(server);
        BookModel others = BookModel.of(other);
        other.apply(change(others, 0));
        String task = busy.opened("changes", CHUNKS, CHUNKS * CHUNK);
        for (int chunk = 1; chunk <= CHUNKS; chunk++) {
            busy.chunk(
                            task,
                            chunk,
                            Changes.puts((chunk - 1) * CHUNK, chunk * CHUNK).body())
                    .is(200);
        }

        Instant start = Instant.now();
        CompletableFuture<HttpAnswer> commit =
                busy.sendAsync("POST", "/v1/sync-tasks/" + task + "/commit", BodyPublishers.noBody());
        CompletableFuture<HttpAnswer> late = tablet.patchAsync(
                busy.checkCode(),
                new Changes().put("late", Changes.card("Late")).body(),
                "Prefer",
                "wait=50");
        List<Duration> answered = new ArrayList<>();
        for (int i = 1; !commit.isDone(); i++) {
            Instant sent = Instant.now();
            other.apply(change(others, i));
            if (!commit.isDone()) {
                answered.add(Duration.between(sent, Instant.now()));
            }
        }

        // A busy machine may need longer than a request waits; the repetition is answered from the task's row.
        HttpAnswer done = commit.join();
        for (int i = 0; i < 10 && done.status() == 503; i++) {
            done = busy.commit(task);
        }
        done.is(200);
        System.out.printf(
                "commit of %d changes: %s; changes of another user meanwhile: %d, longest %s%n",
                CHUNKS * CHUNK,
                Duration.between(start, Instant.now()),
                answered.size(),
                answered.stream().max(Duration::compareTo).orElse(Duration.ZERO));
        assertThat(answered).hasSizeGreaterThan(2);
        assertThat(BookModel.of(other).contacts()).isEqualTo(others.contacts());
        assertThat(done.number("count")).isEqualTo(CHUNKS * CHUNK);
        // It was made from the book before the upload and had its turn after it.
        late.join().is(ProblemType.CHECK_CODE_MISMATCH);
    }

    private static Changes change(BookModel book, int number) {
        book.put("other", Changes.numbered(number));
        return new Changes().put("other", Changes.numbered(number));
    }
}
