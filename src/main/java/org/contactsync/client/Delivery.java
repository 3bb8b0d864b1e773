package org.contactsync.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.Outcome.Done;
import org.contactsync.client.Outcome.Moved;
import org.contactsync.client.Outcome.Stopped;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.Reply;
import org.contactsync.client.http.Reply.Ok;
import org.contactsync.client.http.Reply.Refused;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.Applied;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.Hashes;
import org.contactsync.client.remote.MissedChanges;
import org.contactsync.client.remote.TaskClient;
import org.contactsync.client.state.Pending;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.json.RequestWriter;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.UploadPlan;

/**
 * Sends one task. The task is written to the journal first, so that a client that is killed in between sends exactly the same task
 * again. For one task of the client, in one thread.
 */
public final class Delivery {
    /** A chunk number that the server asks for is followed so often; more means that the two do not understand each other. */
    private static final int MOST_DETOURS = 5;

    private static final Set<String> MOVED = Set.of(
            ProblemType.CHECK_CODE_MISMATCH.code(),
            ProblemType.RESULT_CODE_MISMATCH.code(),
            ProblemType.CONTACT_CONFLICT.code(),
            ProblemType.BOOK_NOT_EMPTY.code(),
            ProblemType.CHUNK_CONFLICT.code(),
            ProblemType.TASK_EXPIRED.code(),
            ProblemType.TASK_FINISHED.code(),
            ProblemType.NOT_FOUND.code(),
            ProblemType.IDEMPOTENCY_KEY_REUSED.code());

    /** The server gave the task up after several attempts: the same changes with a new key may succeed. */
    private static final String TASK_FAILED = ProblemType.TASK_FAILED.code();

    /** Statuses about the token, the connection or the rate, not about the task, which an earlier attempt may have brought there. */
    private static final Set<Integer> NOT_LOOKED_AT = Set.of(401, 408, 429);

    private final BookClient book;
    private final TaskClient tasks;
    private final Supplier<UUID> keys;
    private final Progress progress;
    private boolean startedAgain;

    public Delivery(BookClient book, Supplier<UUID> keys, Progress progress) {
        this.book = book;
        this.tasks = book.taskClient();
        this.keys = keys;
        this.progress = progress;
    }

    /**
     * All changes in one PATCH.
     *
     * @param onMismatch REBASE: the server may apply it on top of what others did, when no contact of this task is concerned
     */
    public Outcome sendInOneRequest(
            Journal journal, Shipment shipment, OnMismatch onMismatch, boolean confirmDeletes, Priority priority)
            throws ServerUnreachable, ServerRefusal {
        byte[] body = RequestWriter.of(
                new IncrementalSync(shipment.changes(), Optional.of(shipment.after()), onMismatch, confirmDeletes));
        Pending pending = announce(journal, shipment, body);
        Optional<ReceivedTask> begun = findEarlierTask(pending);
        if (begun.isEmpty()) {
            Reply<ReceivedTask> reply = tasks.patch(pending.key(), shipment.before(), body, priority);
            if (reply instanceof Refused<ReceivedTask> refused) {
                return handleRefusal(refused.problem(), journal, Optional.empty());
            }
            begun = Optional.of(((Ok<ReceivedTask>) reply).value());
            if (!begun.get().state().finished()) {
                // Whoever is killed while it waits asks for this task, and does not send the changes again.
                journal.keep(pending.withTask(begun.get().id()));
            }
        }
        return awaitOutcome(begun.get(), journal);
    }

    /** All changes in chunks; goes on with an upload that an earlier run began, when it is the same. */
    public Outcome sendInChunks(Journal journal, CheckCodes codes, Shipment shipment, boolean confirmDeletes)
            throws ServerUnreachable, ServerRefusal {
        List<List<Change>> chunks = shipment.chunks(book.capabilities());
        // A person's consent to deletions is given with the commit.
        byte[] body = RequestWriter.of(new UploadPlan(
                shipment.kind(),
                shipment.before(),
                chunks.size(),
                shipment.changes().size(),
                Optional.of(shipment.after()),
                false));
        Pending pending = announce(journal, shipment, body);
        Optional<ReceivedTask> begun = findEarlierTask(pending);
        if (begun.isEmpty()) {
            Reply<ReceivedTask> opened = tasks.open(pending.key(), body);
            if (opened instanceof Refused<ReceivedTask> refused) {
                return handleRefusal(refused.problem(), journal, Optional.empty());
            }
            begun = Optional.of(((Ok<ReceivedTask>) opened).value());
            journal.keep(pending.withTask(begun.get().id()));
        }
        ReceivedTask task = begun.get();
        if (task.state() != TaskState.RECEIVING) {
            return awaitOutcome(task, journal);
        }
        try {
            Optional<Outcome> stopped = send(task, shipment, chunks, journal, codes);
            if (stopped.isPresent()) {
                return stopped.get();
            }
            Reply<ReceivedTask> reply = tasks.commit(task.id(), confirmDeletes);
            return reply instanceof Ok<ReceivedTask> ok
                    ? awaitOutcome(ok.value(), journal)
                    : handleRefusal(((Refused<ReceivedTask>) reply).problem(), journal, Optional.of(task));
        } finally {
            progress.uploaded();
        }
    }

    /** Sends the chunks from the one that the server expects; empty when all are acknowledged. */
    private Optional<Outcome> send(
            ReceivedTask task, Shipment shipment, List<List<Change>> chunks, Journal journal, CheckCodes codes)
            throws ServerUnreachable, ServerRefusal {
        List<Running> running = running(shipment, chunks, codes);
        int number = task.nextChunk();
        int detours = 0;
        progress.uploading(
                number == 1 ? 0 : running.get(number - 2).contacts(),
                shipment.changes().size());
        while (number <= chunks.size()) {
            byte[] body = RequestWriter.chunk(shipment.kind(), chunks.get(number - 1));
            Reply<ChunkAck> reply = tasks.chunk(task.id(), number, body);
            if (reply instanceof Ok<ChunkAck> ok) {
                Running own = running.get(number - 1);
                if (!ok.value().checkCode().equals(own.checkCode())) {
                    return Optional.of(giveUp(journal, Optional.of(task), Optional.empty()));
                }
                progress.acknowledged(own.contacts());
                number = ok.value().nextChunk();
            } else if (reply instanceof Refused<ChunkAck> refused) {
                int expected = refused.problem().expectedChunk();
                boolean detour = refused.problem().is(ProblemType.CHUNK_OUT_OF_ORDER) && ++detours <= MOST_DETOURS;
                if (!detour || expected < 1) {
                    return Optional.of(handleRefusal(refused.problem(), journal, Optional.of(task)));
                }
                number = expected;
            }
        }
        return Optional.empty();
    }

    /**
     * What the acknowledgement of a chunk must say.
     *
     * @param contacts of this chunk and all before it
     */
    private record Running(long contacts, CheckCode checkCode) {}

    private static List<Running> running(Shipment shipment, List<List<Change>> chunks, CheckCodes codes) {
        List<Running> running = new ArrayList<>();
        BookDigest digest = shipment.base().digest(codes);
        long contacts = 0;
        for (List<Change> chunk : chunks) {
            for (Change change : chunk) {
                Uid uid = change.uid();
                Optional<ContentHash> before = shipment.base().hash(uid);
                if (before.isPresent()) {
                    digest = digest.minus(codes.entry(uid, before.get()));
                }
                Optional<ContentHash> after = shipment.outcome().getOrDefault(uid, Optional.empty());
                if (after.isPresent()) {
                    digest = digest.plus(codes.entry(uid, after.get()));
                }
            }
            contacts += chunk.size();
            running.add(new Running(contacts, codes.checkCode(digest)));
        }
        return running;
    }

    /** Writes down what is about to be sent. The key of an earlier run is kept only for the very same request. */
    private Pending announce(Journal journal, Shipment shipment, byte[] request)
            throws ServerUnreachable, ServerRefusal {
        String hash = Hashes.sha256Hex(request);
        if (journal.pending().isPresent()) {
            Pending earlier = journal.pending().get();
            if (earlier.request().equals(hash)) {
                return earlier;
            }
            if (earlier.task().isPresent()) {
                // It would hold the queue until its lease is over, and this task would wait behind it.
                tasks.cancel(earlier.task().get());
            }
        }
        Pending pending = new Pending(keys.get(), hash, shipment.after(), Optional.empty(), shipment.outcome());
        journal.keep(pending);
        return pending;
    }

    /** The task of an earlier run for the very same request, if the server still knows it. */
    private Optional<ReceivedTask> findEarlierTask(Pending pending) throws ServerUnreachable, ServerRefusal {
        return pending.task().isPresent() ? tasks.task(pending.task().get()) : Optional.empty();
    }

    /** Waits for a task that needs nothing more from this client. */
    private Outcome awaitOutcome(ReceivedTask begun, Journal journal) throws ServerUnreachable, ServerRefusal {
        ReceivedTask task = tasks.awaitFinished(begun);
        if (task.state() == TaskState.DONE && task.result().isPresent()) {
            return new Done(Applied.of(task.result().get()));
        }
        // A finished task stays as it is: without a reason that concerns the changes, only a new one helps.
        Optional<ServerProblem> reason =
                task.problem().map(ServerProblem::of).filter(problem -> problem.status() < 500);
        return reason.isPresent()
                ? handleRefusal(reason.get(), journal, Optional.empty())
                : giveUp(journal, Optional.empty(), Optional.empty());
    }

    private Outcome handleRefusal(ServerProblem problem, Journal journal, Optional<ReceivedTask> task)
            throws ServerUnreachable, ServerRefusal {
        if (problem.is(ProblemType.MASS_DELETE_SUSPECTED)) {
            return new Stopped(problem); // an upload stays open: it is committed once a person has agreed
        }
        boolean undecided = problem.status() >= 500
                || NOT_LOOKED_AT.contains(problem.status())
                || problem.is(ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS);
        if (undecided) {
            return new Stopped(problem); // it may have been applied: the same key finds out at the next push
        }
        if (problem.code().equals(TASK_FAILED) && !startedAgain) {
            startedAgain = true;
            return giveUp(journal, task, Optional.empty());
        }
        if (MOVED.contains(problem.code())) {
            return giveUp(journal, task, Optional.of(MissedChanges.of(problem.missed())));
        }
        journal.drop();
        return new Stopped(problem);
    }

    /** Nothing was applied: the task is given up, on both sides, and its key with it. */
    private Outcome giveUp(Journal journal, Optional<ReceivedTask> task, Optional<MissedChanges> missed)
            throws ServerUnreachable, ServerRefusal {
        if (task.isPresent()) {
            tasks.cancel(task.get().id());
        }
        journal.drop();
        return new Moved(missed.filter(MissedChanges::complete));
    }
}
