package org.contactsync.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.json.AccountJson;
import org.contactsync.protocol.json.AnswerJson;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.json.RequestReader;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.queue.work.JsonReceipts;
import org.contactsync.sync.InMemoryStore;
import org.contactsync.sync.TestService;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/**
 * One user's book in the real core, over memory, and around it what the server's doors do: requests become steps and readings, what
 * comes of them becomes answers. For one thread at a time.
 */
final class CoreDoor {
    private static final Owner ADA = new Owner("https://issuer.example", "ada");

    /** Small, so that a book of some contacts is sent in chunks. */
    private static final Limits LIMITS = new Limits(
            20,
            Limits.DEFAULTS.chunkBytes(),
            20,
            Limits.DEFAULTS.oneShotBytes(),
            Limits.DEFAULTS.bookContacts(),
            Limits.DEFAULTS.chunks(),
            Limits.DEFAULTS.queuedTasks(),
            Limits.DEFAULTS.queuedBytes(),
            Limits.DEFAULTS.bookBytes(),
            Limits.DEFAULTS.queueAge(),
            Limits.DEFAULTS.waitDefault(),
            Limits.DEFAULTS.waitMost(),
            Limits.DEFAULTS.uploadLease(),
            Limits.DEFAULTS.taskRetention(),
            Limits.DEFAULTS.changesRetention(),
            Limits.DEFAULTS.historyRetention());

    private final RequestReader reader = new RequestReader(LIMITS);
    private final Map<TaskId, Parked> parked = new HashMap<>();
    private InMemoryStore store = new InMemoryStore();
    private TestService service = new TestService(store, LIMITS, new JsonReceipts());
    private int pollsUntilApplied;
    private CorePages.Manners manners = CorePages.Manners.USUAL;

    /** A PATCH whose message comes late: when its task has been asked for so often. */
    private static final class Parked {
        final Step.ApplyChanges step;
        int polls;

        Parked(Step.ApplyChanges step) {
            this.step = step;
        }
    }

    /** A PATCH or an import is answered 202, and applied when somebody has asked so often for its task. */
    void applyAfterPolls(int polls) {
        pollsUntilApplied = polls;
    }

    void answer(UnaryOperator<CorePages.Manners> otherwise) {
        manners = otherwise.apply(manners);
    }

    Map<Uid, CanonicalCard> book() {
        return service.visible(ADA);
    }

    BookState state() {
        return service.book(ADA);
    }

    /** Lets time pass, and then whatever is due happen. */
    void pass(Duration time) {
        service.pass(time);
        service.sweep();
    }

    /** Tombstones are as old now as they have to be kept, and go. */
    void expireFeed() {
        service.markFeeds();
        pass(LIMITS.changesRetention().plusSeconds(1));
        service.shortenFeeds(100);
    }

    /** What another device does. */
    void change(Change... changes) {
        IncrementalSync sync = new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REFUSE, true);
        Outcome outcome = service.answer(new Step.ApplyChanges(
                head(TaskId.random(), Optional.empty()),
                RequestDigest.of("another device", new byte[0]),
                service.code(ADA),
                sync));
        if (!(outcome instanceof Outcome.Applied)) {
            throw new IllegalStateException("the change of another device: " + outcome);
        }
    }

    /** The feed begins here: what came before is older than it has to be kept. */
    void shortenFeed() {
        Uid uid = new Uid("deleted-long-ago");
        change(new Change.Put(uid, book().values().iterator().next(), Optional.empty()));
        change(new Change.Delete(uid, Optional.empty()));
        expireFeed();
    }

    InMemoryStore.Backup backup() {
        return store.backup();
    }

    void restore(InMemoryStore.Backup backup) {
        store.restore(backup);
    }

    /** The same contacts in a new book, which has another key. */
    void startAnew() {
        Map<Uid, CanonicalCard> contacts = book();
        store = new InMemoryStore();
        service = new TestService(store, LIMITS, new JsonReceipts());
        contacts.forEach((uid, card) -> change(new Change.Put(uid, card, Optional.empty())));
    }

    Answer answer(CoreRequest request) {
        try {
            state(); // makes the book when there is none
            CorePages pages = new CorePages(service.readings(), ADA, manners);
            String path = request.method() + " " + request.path();
            return switch (path) {
                case "GET /v1/capabilities" -> CorePages.ok(smallerChunks(AnswerJson.of(LIMITS)));
                case "HEAD /v1/book", "GET /v1/book" -> pages.book(request);
                case "PATCH /v1/book/contacts" -> patch(request);
                case "POST /v1/sync-tasks" -> open(request);
                case "GET /v1/book/changes" -> pages.changes(request);
                case "GET /v1/book/digests" -> pages.digests(request);
                case "GET /v1/book/digests/entries" -> pages.entries(request);
                case "GET /v1/book/contacts" -> pages.contacts(request);
                case "GET /v1/sync-tasks" ->
                    CorePages.ok(AnswerJson.ofTasks(service.readings().tasks(ADA)));
                case "GET /v1/book/history" -> history().changes(request);
                case "GET /v1/book/trash" -> history().trash(request);
                case "POST /v1/book/restore" -> history().restoreBook(request, newHead(request));
                case "GET /v1/devices" -> CorePages.ok(AccountJson.devices(List.of())); // nobody is remembered
                case "GET /v1/book/export" -> files().export(request);
                case "POST /v1/book/import" -> files().add(request, newHead(request), this::run);
                case "DELETE /v1/account" -> erase();
                default -> below(path, request, pages);
            };
        } catch (ProblemException e) {
            return Answers.refused(e.problem());
        }
    }

    private Answer below(String path, CoreRequest request, CorePages pages) {
        if (path.contains(" /v1/sync-tasks/")) {
            return ofTask(request);
        }
        if (path.startsWith("POST /v1/book/trash/")) {
            return history().restoreContact(request, newHead(request));
        }
        return path.endsWith("/versions") ? history().versions(request) : pages.contact(request);
    }

    private CoreHistory history() {
        return new CoreHistory(service, LIMITS, ADA);
    }

    private CoreFiles files() {
        return new CoreFiles(service, LIMITS, ADA);
    }

    private Answer erase() {
        store.erase();
        return new Answer(204, Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    private Step.Head newHead(CoreRequest request) {
        return head(newTask(request), request.device());
    }

    /** Versions of a contact, the latest first. */
    List<PastVersion> versions(Uid uid) {
        return store.history()
                .versions(state().id(), uid, Long.MAX_VALUE, new RowPage.Bounds(100, Long.MAX_VALUE / 2))
                .versions();
    }

    /** Fewer contacts than it takes: a book that fits one request is larger than a chunk. */
    private static String smallerChunks(String capabilities) {
        return capabilities.replace("\"maxChunkContacts\":20", "\"maxChunkContacts\":10");
    }

    private Answer patch(CoreRequest request) {
        CheckCode first = request.ifMatch()
                .orElseThrow(() -> ProblemException.of(ProblemType.CHECK_CODE_REQUIRED, "If-Match is missing"));
        Step.ApplyChanges step = new Step.ApplyChanges(
                newHead(request),
                RequestDigest.of("PATCH contacts " + first, request.body()),
                first,
                reader.incrementalSync(request.body()),
                request.given("Priority").map(Priority::ofHeader).orElse(Priority.BACKGROUND));
        return Answers.of(run(step));
    }

    private Outcome run(Step.ApplyChanges step) {
        if (pollsUntilApplied == 0) {
            return service.answer(step);
        }
        parked.putIfAbsent(step.task(), new Parked(step));
        return service.park(step);
    }

    private Answer open(CoreRequest request) {
        return Answers.of(service.answer(new Step.OpenUpload(
                newHead(request),
                RequestDigest.of("POST sync-tasks", request.body()),
                reader.uploadPlan(request.body()))));
    }

    private Answer ofTask(CoreRequest request) {
        TaskId task = TaskId.parse(request.part(2)).orElseThrow(CorePages::notFound);
        String below = request.path().replaceFirst("/v1/sync-tasks/[^/]+", "");
        if (request.method().equals("DELETE")) {
            return Answers.of(service.answer(new Step.CancelTask(head(task, request.device()))));
        }
        if (below.equals("/commit")) {
            return Answers.of(
                    service.answer(new Step.CommitUpload(head(task, request.device()), reader.commit(request.body()))));
        }
        if (below.startsWith("/chunks/")) {
            var kind = service.readings()
                    .task(ADA, task)
                    .orElseThrow(CorePages::notFound)
                    .kind();
            return Answers.of(service.answer(new Step.PutChunk(
                    head(task, request.device()),
                    Integer.parseInt(request.part(4)),
                    RequestDigest.of("PUT chunk", request.body()),
                    reader.chunk(request.body(), kind))));
        }
        Parked late = parked.get(task);
        if (late != null && ++late.polls == pollsUntilApplied) {
            service.deliver(late.step);
        }
        return CorePages.ok(AnswerJson.of(service.readings().task(ADA, task).orElseThrow(CorePages::notFound)));
    }

    private static TaskId newTask(CoreRequest request) {
        return request.idempotencyKey().map(key -> TaskId.of(ADA, key)).orElseGet(TaskId::random);
    }

    private Step.Head head(TaskId task, Optional<DeviceId> device) {
        return new Step.Head(ADA, task, device, service.now(), new ReplyTo("contacts.reply.test", UUID.randomUUID()));
    }
}
