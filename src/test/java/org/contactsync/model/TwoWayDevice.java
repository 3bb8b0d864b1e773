package org.contactsync.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.http.Reply;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.TaskClient;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.json.RequestWriter;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.Change.Expected;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.UploadPlan;

/**
 * A device that synchronises in both directions as protocol §11 says: it stores what it sends before it sends it, repeats it with the same
 * key until it knows the outcome, takes over what others did, sends the difference, and compares codes.
 */
final class TwoWayDevice implements Device {
    private static final int ONE_REQUEST = 12;
    private static final int CHUNK = 8;
    private static final int ATTEMPTS = 8;

    /** Answers after which the book is read again, and the difference sent anew. */
    private static final List<ProblemType> MOVED = List.of(
            ProblemType.CHECK_CODE_MISMATCH,
            ProblemType.CONTACT_CONFLICT,
            ProblemType.BOOK_NOT_EMPTY,
            ProblemType.TASK_EXPIRED,
            ProblemType.TASK_FINISHED);

    private final String name;
    private final OnMismatch onMismatch;
    private final BookClient client;
    private final TaskClient tasks;
    private final Pull pull;
    private final List<Sent> log = new ArrayList<>();
    private final TreeMap<Uid, CanonicalCard> book = new TreeMap<>();
    private Optional<Agreement> agreed = Optional.empty();
    private Optional<Sent> unknown = Optional.empty();
    private Optional<String> upload = Optional.empty();
    private boolean confirmed;
    private Priority priority = Priority.BACKGROUND;

    /** The last agreement (protocol 11.4). */
    record Agreement(CheckKey key, CheckCode code, long seq, Map<Uid, ContentHash> hashes) {
        Agreement {
            hashes = Map.copyOf(hashes);
        }
    }

    /** A PATCH as it was sent. */
    record Sent(UUID key, CheckCode first, byte[] body, Priority priority) {}

    TwoWayDevice(String name, OnMismatch onMismatch, BookClient client, Pull pull) {
        this.name = name;
        this.onMismatch = onMismatch;
        this.client = client;
        this.tasks = client.taskClient();
        this.pull = pull;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<Uid, CanonicalCard> book() {
        return book;
    }

    /** All that it ever sent in one request, the last one last. */
    List<Sent> log() {
        return log;
    }

    @Override
    public void synchronise() throws ServerUnreachable, ServerRefusal {
        findOut();
        confirmed = false;
        priority = Priority.BACKGROUND;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Pull.Result> pulled = pull.run(client, agreed, book);
            if (pulled.isEmpty()) {
                continue;
            }
            book.clear();
            book.putAll(pulled.get().book());
            agreed = Optional.of(pulled.get().agreed());
            List<Change> changes = changes(agreed.get());
            if (changes.isEmpty() || send(agreed.get(), changes)) {
                return;
            }
        }
        throw new AssertionError(name + " and the service do not come to an agreement");
    }

    @Override
    public void replace() throws ServerUnreachable, ServerRefusal {
        findOut();
        BookHead head = client.book();
        List<Change> puts = new ArrayList<>();
        book.forEach((uid, card) -> puts.add(new Change.Put(uid, card, Optional.empty())));
        confirmed = true;
        upload(new Agreement(head.checkKey(), head.checkCode(), head.seq(), Map.of()), TaskKind.REPLACE, puts);
    }

    @Override
    public void loseDatabase() {
        loseRecord();
        book.clear();
    }

    @Override
    public void loseRecord() {
        agreed = Optional.empty();
        unknown = Optional.empty();
        upload = Optional.empty();
    }

    @Override
    public Restoration backup() {
        Map<Uid, CanonicalCard> contacts = Map.copyOf(book);
        Optional<Agreement> record = agreed;
        Optional<Sent> sent = unknown;
        return () -> {
            book.clear();
            book.putAll(contacts);
            agreed = record;
            unknown = sent;
            upload = Optional.empty();
        };
    }

    /** What came of what was under way: the same request again, and an upload is begun anew. */
    private void findOut() throws ServerUnreachable, ServerRefusal {
        if (unknown.isPresent()) {
            Sent sent = unknown.get();
            Reply<ReceivedTask> reply = tasks.patch(sent.key(), sent.first(), sent.body(), sent.priority());
            if (reply instanceof Reply.Ok<ReceivedTask> ok) {
                tasks.awaitFinished(ok.value());
            } else if (((Reply.Refused<ReceivedTask>) reply).problem().status() >= 500) {
                throw new ServerRefusal(((Reply.Refused<ReceivedTask>) reply).problem());
            }
            unknown = Optional.empty();
        }
        if (upload.isPresent()) {
            tasks.cancel(upload.get());
            upload = Optional.empty();
        }
    }

    private List<Change> changes(Agreement at) {
        CheckCodes codes = new CheckCodes(at.key());
        List<Change> changes = new ArrayList<>();
        book.forEach((uid, card) -> {
            Optional<ContentHash> was = Optional.ofNullable(at.hashes().get(uid));
            if (!was.equals(Optional.of(codes.contentHash(card)))) {
                changes.add(new Change.Put(uid, card, Optional.of(new Expected(was))));
            }
        });
        at.hashes().forEach((uid, hash) -> {
            if (!book.containsKey(uid)) {
                changes.add(new Change.Delete(uid, Optional.of(new Expected(Optional.of(hash)))));
            }
        });
        return changes;
    }

    /** Whether service and device agree now. */
    private boolean send(Agreement at, List<Change> changes) throws ServerUnreachable, ServerRefusal {
        if (changes.size() > ONE_REQUEST) {
            return upload(at, at.hashes().isEmpty() ? TaskKind.INITIAL : TaskKind.CHANGES, changes);
        }
        byte[] body = RequestWriter.of(
                new IncrementalSync(changes, Optional.of(code(at.key(), book)), onMismatch, confirmed));
        Sent sent = new Sent(UUID.randomUUID(), at.code(), body, priority);
        unknown = Optional.of(sent);
        log.add(sent);
        Reply<ReceivedTask> reply = tasks.patch(sent.key(), sent.first(), body, priority);
        if (reply instanceof Reply.Ok<ReceivedTask> ok) {
            ReceivedTask task = tasks.awaitFinished(ok.value());
            unknown = Optional.empty();
            return isAgreement(at.key(), task);
        }
        unknown = Optional.empty();
        return refused(((Reply.Refused<ReceivedTask>) reply).problem());
    }

    private boolean upload(Agreement at, TaskKind kind, List<Change> changes) throws ServerUnreachable, ServerRefusal {
        int chunks = (changes.size() + CHUNK - 1) / CHUNK;
        UploadPlan plan =
                new UploadPlan(kind, at.code(), chunks, changes.size(), Optional.of(code(at.key(), book)), confirmed);
        Reply<ReceivedTask> opened = tasks.open(UUID.randomUUID(), RequestWriter.of(plan));
        if (opened instanceof Reply.Refused<ReceivedTask> refused) {
            return refused(refused.problem());
        }
        String id = ((Reply.Ok<ReceivedTask>) opened).value().id();
        upload = Optional.of(id);
        for (int i = 0; i < chunks; i++) {
            List<Change> chunk = changes.subList(i * CHUNK, Math.min(changes.size(), (i + 1) * CHUNK));
            Reply<ChunkAck> acknowledged = tasks.chunk(id, i + 1, RequestWriter.chunk(kind, chunk));
            if (acknowledged instanceof Reply.Refused<ChunkAck> refused) {
                findOut();
                return refused(refused.problem());
            }
        }
        Reply<ReceivedTask> committed = tasks.commit(id, confirmed);
        if (committed instanceof Reply.Refused<ReceivedTask> refused) {
            findOut();
            return refused(refused.problem());
        }
        ReceivedTask task = tasks.awaitFinished(((Reply.Ok<ReceivedTask>) committed).value());
        upload = Optional.empty();
        return isAgreement(at.key(), task);
    }

    /** Compares the second check code with the own one (protocol 11.2). */
    private boolean isAgreement(CheckKey key, ReceivedTask task) {
        if (task.state() != TaskState.DONE) {
            return false;
        }
        SyncResult result = task.result().orElseThrow();
        CheckCode own = code(key, book);
        if (!result.rebased() && !result.checkCode().equals(own)) {
            throw new AssertionError("the second check code is " + result.checkCode() + " and not " + own);
        }
        if (!result.checkCode().equals(own)) {
            return false;
        }
        agreed = Optional.of(new Agreement(key, own, result.seq(), hashes(key, book)));
        return true;
    }

    /** What is refused for a reason that a correct device can meet is sent anew in another way. */
    private boolean refused(ServerProblem problem) {
        if (problem.is(ProblemType.MASS_DELETE_SUSPECTED)) {
            confirmed = true; // its user agrees
        } else if (problem.is(ProblemType.SYNC_LOOP)) {
            priority = Priority.USER; // its user has decided
        } else if (MOVED.stream().noneMatch(problem::is)) {
            throw new AssertionError(name + " was refused: " + problem);
        }
        return false;
    }

    static Map<Uid, ContentHash> hashes(CheckKey key, Map<Uid, CanonicalCard> contacts) {
        CheckCodes codes = new CheckCodes(key);
        Map<Uid, ContentHash> hashes = new HashMap<>();
        contacts.forEach((uid, card) -> hashes.put(uid, codes.contentHash(card)));
        return hashes;
    }

    static CheckCode code(CheckKey key, Map<Uid, CanonicalCard> contacts) {
        return codeOf(key, hashes(key, contacts));
    }

    static CheckCode codeOf(CheckKey key, Map<Uid, ContentHash> hashes) {
        CheckCodes codes = new CheckCodes(key);
        BookDigest digest = BookDigest.EMPTY;
        for (Map.Entry<Uid, ContentHash> contact : hashes.entrySet()) {
            digest = digest.plus(codes.entry(contact.getKey(), contact.getValue()));
        }
        return codes.checkCode(digest);
    }
}
