package org.contactsync.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.store.schema.Dialect;
import org.contactsync.sync.SyncEngine;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.StepCodec;
import org.contactsync.sync.task.Receipts;
import org.contactsync.sync.task.Replies;

/**
 * How the file of the embedded database grows, and how long one change takes meanwhile, while the book of another user is replaced
 * again and again. No test: a program with three arguments, the directory, the number of uploads and the contacts of each; a
 * fourth one, {@code uncompacted}, leaves the file to H2 alone.
 */
final class FileGrowth {
    private static final String SETTINGS =
            ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;LOCK_TIMEOUT=10000;WRITE_DELAY=0;"
                    + "DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
    private static final int CHUNK = 1_000;
    private static final ReplyTo NOBODY = new ReplyTo("", new UUID(0, 0));

    private final JpaTestStore store;
    private final SyncEngine engine;
    private final Owner large = new Owner("https://issuer.example", "large");
    private final Owner small = new Owner("https://issuer.example", "small");
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong removed = new AtomicLong();
    private final AtomicLong compacted = new AtomicLong();
    private final List<Long> times = new ArrayList<>();
    private final boolean compacting;

    private FileGrowth(String url, boolean compacting) {
        store = new JpaTestStore(url, "sa", "", Dialect.H2);
        engine = new SyncEngine(
                store.books(),
                store.contacts(),
                store.tasks(),
                store.staging(),
                store.history(),
                new StepCodec(),
                Limits.DEFAULTS,
                new Kept());
        this.compacting = compacting;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        int uploads = Integer.parseInt(arguments[1]);
        int contacts = Integer.parseInt(arguments[2]);
        String url = "jdbc:h2:file:" + directory.resolve("growth") + SETTINGS;
        try (Connection open = java.sql.DriverManager.getConnection(url, "sa", "")) {
            FileGrowth growth = new FileGrowth(url, arguments.length < 4);
            growth.run(directory.resolve("growth.mv.db"), uploads, contacts);
        }
    }

    private void run(Path file, int uploads, int contacts) throws Exception {
        Thread sweeper = new Thread(this::sweep);
        Thread user = new Thread(this::change);
        sweeper.start();
        user.start();
        System.out.println(
                "| uploads | file MiB | one change p50 ms | p99 ms | uploads s | rows removed | compactions |");
        long began = System.nanoTime();
        int each = Math.max(1, uploads / 6);
        for (int n = 1; n <= uploads; n++) {
            replace(n, contacts);
            if (n % each == 0) {
                say(file, n, began);
                began = System.nanoTime();
            }
        }
        for (int rest = 1; rest <= 3; rest++) {
            Thread.sleep(30_000);
            say(file, uploads, began);
            began = System.nanoTime();
        }
        ended.set(true);
        sweeper.join();
        user.join();
    }

    private void say(Path file, int n, long began) throws Exception {
        long[] sorted;
        synchronized (times) {
            sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
            times.clear();
        }
        System.out.println(String.format(
                Locale.ROOT,
                "| %d | %.0f | %.1f | %.1f | %.1f | %d | %d |",
                n,
                Files.size(file) / 1048576.0,
                sorted.length == 0 ? -1 : sorted[sorted.length / 2] / 1e6,
                sorted.length == 0 ? -1 : sorted[sorted.length * 99 / 100] / 1e6,
                (System.nanoTime() - began) / 1e9,
                removed.get(),
                compacted.get()));
    }

    private void replace(int n, int contacts) {
        int chunks = (contacts + CHUNK - 1) / CHUNK;
        Step.Head head = head(large);
        UploadPlan plan = new UploadPlan(
                TaskKind.REPLACE,
                BookReadings.checkCode(
                        store.inTransaction(() -> store.books().lock(large).book())),
                chunks,
                contacts,
                Optional.empty(),
                true);
        run(new Step.OpenUpload(head, digest("open" + n), plan));
        for (int chunk = 1; chunk <= chunks; chunk++) {
            List<Change> puts = new ArrayList<>();
            for (int i = (chunk - 1) * CHUNK; i < Math.min(contacts, chunk * CHUNK); i++) {
                puts.add(put("contact-" + i * 7919L % contacts + "-" + i, "Contact " + n + " " + "x".repeat(500)));
            }
            run(new Step.PutChunk(head, chunk, digest(n + " " + chunk), puts));
        }
        run(new Step.CommitUpload(head, new UploadCommit(Optional.empty(), true)));
    }

    private void sweep() {
        while (!ended.get()) {
            for (int i = 0; i < 20; i++) {
                int rows = store.inTransaction(() -> store.housekeeping().removeGarbage(1_000));
                removed.addAndGet(rows);
                if (rows == 0) {
                    break;
                }
            }
            for (int i = 0; compacting && i < 4; i++) {
                if (!store.inTransaction(() -> store.housekeeping().compact())) {
                    break;
                }
                compacted.incrementAndGet();
            }
            pause(Duration.ofSeconds(1));
        }
    }

    /** As a user who makes one change after the other, with a pause. */
    private void change() {
        for (int n = 0; !ended.get(); n++) {
            IncrementalSync sync = new IncrementalSync(
                    List.of(put("contact-" + n % 500, "name " + n)), Optional.empty(), OnMismatch.REFUSE, false);
            Step step = new Step.ApplyChanges(
                    head(small),
                    digest("change" + n),
                    BookReadings.checkCode(
                            store.inTransaction(() -> store.books().lock(small).book())),
                    sync);
            long began = System.nanoTime();
            run(step);
            synchronized (times) {
                times.add(System.nanoTime() - began);
            }
            pause(Duration.ofMillis(20));
        }
    }

    private void run(Step step) {
        Replies replies = store.inTransaction(() -> engine.run(step, false));
        if (replies.replies().get(0).outcome() instanceof Outcome.Refused refused) {
            throw new IllegalStateException(refused.problem().detail());
        }
    }

    /** As the server keeps them. */
    private static final class Kept implements Receipts {
        @Override
        public Answer of(Outcome outcome) {
            return Answers.of(outcome);
        }

        @Override
        public boolean isMismatch(Answer kept) {
            return false;
        }

        @Override
        public Optional<ContactConflict> conflict(Answer kept) {
            return Optional.empty();
        }
    }

    private static Step.Head head(Owner owner) {
        return new Step.Head(owner, TaskId.random(), Optional.empty(), java.time.Instant.now(), NOBODY);
    }

    private static Change.Put put(String uid, String name) {
        String json = "{\"@type\":\"Card\",\"name\":{\"full\":\"" + name + "\"},\"version\":\"1.0\"}";
        return new Change.Put(
                new Uid(uid), CanonicalCard.ofTrusted(json.getBytes(StandardCharsets.UTF_8)), Optional.empty());
    }

    private static RequestDigest digest(String text) {
        return RequestDigest.of("test", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
