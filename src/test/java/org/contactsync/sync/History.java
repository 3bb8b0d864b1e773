package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.Outcome.Refused;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.step.ReplyTo;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.CancelTask;
import org.contactsync.sync.step.Step.CommitUpload;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.step.Step.PutChunk;
import org.contactsync.sync.task.Replies.Reply;
import org.contactsync.sync.task.SyncTask;

/**
 * What several devices do to one book, with messages that are lost, late, doubled, and transactions that are lost. Every
 * answer is judged by a book that is a map: what may be applied, refused or made to wait is decided here once more, from the
 * answers alone.
 */
final class History {
    private static final List<String> DEVICES = List.of("phone", "tablet", "watch");
    private static final int UIDS = 5;
    private static final int NAMES = 3;

    private final TestService service;
    private final PlainBook book;
    private final List<CheckCode> codes = new ArrayList<>();
    private final List<Step> sent = new ArrayList<>();
    private final List<Step> late = new ArrayList<>();
    private final Map<ReplyTo, Step> requests = new HashMap<>();
    private final Map<TaskId, Outcome> outcomes = new HashMap<>();
    /** In the order they were accepted, as they came first. */
    private final Map<TaskId, ApplyChanges> waiting = new LinkedHashMap<>();

    private final Set<TaskId> promised = new LinkedHashSet<>();
    private final Map<TaskId, PlainUpload> uploads = new LinkedHashMap<>();
    private final List<String> seen = new ArrayList<>();
    private Optional<PlainUpload> holder = Optional.empty();

    History(TestStore store) {
        service = new TestService(store);
        book = new PlainBook(service.book(Examples.ADA).key());
        codes.add(book.code());
    }

    /** A device changes contacts: knowing the book, or an older one; with or without saying what it expects. */
    void change(Random random) {
        tick();
        TestDevice device = device(random);
        CheckCode first = random.nextInt(3) > 0 ? book.code() : codes.get(random.nextInt(codes.size()));
        boolean rebase = random.nextBoolean();
        List<Change> changes = changes(random, 1 + random.nextInt(3), rebase, false);
        OnMismatch onMismatch = rebase ? OnMismatch.REBASE : OnMismatch.REFUSE;
        ApplyChanges step = device.apply(first, new IncrementalSync(changes, Optional.empty(), onMismatch, true));
        send(random.nextInt(3) == 0 ? device.byUser(step) : step, random);
    }

    /** Several devices change contacts, and the message of the first one takes the others with it; some of them have been sent before. */
    void together(Random random) {
        tick();
        List<ApplyChanges> steps = new ArrayList<>();
        int number = 2 + random.nextInt(4);
        for (int i = 0; i < number; i++) {
            CheckCode first = random.nextInt(3) > 0 ? book.code() : codes.get(random.nextInt(codes.size()));
            OnMismatch onMismatch = random.nextInt(4) > 0 ? OnMismatch.REBASE : OnMismatch.REFUSE;
            List<Change> changes = changes(random, 1 + random.nextInt(3), onMismatch == OnMismatch.REBASE, false);
            steps.add(device(random).apply(first, new IncrementalSync(changes, Optional.empty(), onMismatch, true)));
        }
        if (!sent.isEmpty()
                && random.nextInt(4) == 0
                && sent.get(random.nextInt(sent.size())) instanceof ApplyChanges known) {
            steps.add(random.nextInt(steps.size() + 1), device(random).again(known));
        }
        steps.forEach(step -> requests.put(step.head().replyTo(), step));
        sent.addAll(steps);
        judge(service.deliverTogether(steps));
    }

    /** A device deletes everything. */
    void empty(Random random) {
        tick();
        List<Change> deletes = book.contacts().keySet().stream()
                .map(uid -> (Change) new Change.Delete(uid, Optional.empty()))
                .toList();
        if (!deletes.isEmpty()) {
            IncrementalSync sync = new IncrementalSync(deletes, Optional.empty(), OnMismatch.REFUSE, true);
            send(device(random).apply(book.code(), sync), random);
        }
    }

    void open(Random random) {
        tick();
        TestDevice device = device(random);
        TaskKind kind = List.of(TaskKind.INITIAL, TaskKind.REPLACE, TaskKind.CHANGES, TaskKind.CHANGES)
                .get(random.nextInt(4));
        List<Change> all = new ArrayList<>(changes(random, random.nextInt(5), false, kind.replacesBook()));
        List<List<Change>> planned = new ArrayList<>();
        while (!all.isEmpty()) {
            List<Change> chunk = all.subList(0, Math.min(all.size(), 1 + random.nextInt(2)));
            planned.add(List.copyOf(chunk));
            chunk.clear();
        }
        long contacts = planned.stream().mapToLong(List::size).sum();
        CheckCode first = random.nextInt(5) > 0 ? book.code() : codes.get(random.nextInt(codes.size()));
        OpenUpload open = device.open(new UploadPlan(kind, first, planned.size(), contacts, Optional.empty(), true));
        uploads.put(open.task(), new PlainUpload(open, device, planned));
        send(open, random);
    }

    /** The next chunk of an upload, now and then another one, or other content under its number. */
    void chunk(Random random) {
        anUpload(random).filter(upload -> !upload.planned.isEmpty()).ifPresent(upload -> {
            tick();
            int next = Math.min(upload.staged.size() + 1, upload.planned.size());
            int number = random.nextInt(5) > 0 ? next : 1 + random.nextInt(upload.planned.size());
            List<Change> content = upload.planned.get(number - 1);
            if (random.nextInt(5) == 0) {
                content = upload.planned.get(random.nextInt(upload.planned.size()));
            }
            send(upload.device.chunk(upload.open, number, content), random);
        });
    }

    void commit(Random random) {
        anUpload(random).ifPresent(upload -> {
            tick();
            send(upload.device.commit(upload.open), random);
        });
    }

    void cancel(Random random) {
        if (!sent.isEmpty()) {
            tick();
            Step any = sent.get(random.nextInt(sent.size()));
            if (any instanceof ApplyChanges || any instanceof OpenUpload) {
                send(device(random).cancel(any), random);
            }
        }
    }

    /** A message that was held up arrives; or one that had arrived arrives once more. */
    void deliverLate(Random random) {
        if (!late.isEmpty() && random.nextInt(3) > 0) {
            deliver(late.remove(random.nextInt(late.size())));
        } else if (!sent.isEmpty()) {
            deliver(sent.get(random.nextInt(sent.size())));
        }
    }

    /** A client that does not know the outcome sends its request again. */
    void repeat(Random random) {
        if (!sent.isEmpty()) {
            tick();
            int latest = random.nextBoolean() ? Math.min(3, sent.size()) : sent.size();
            Step step = sent.get(sent.size() - 1 - random.nextInt(latest));
            TestDevice device = device(random);
            if (step instanceof ApplyChanges apply) {
                send(device.again(apply), random);
            } else if (step instanceof OpenUpload open) {
                send(device.again(open), random);
            }
        }
    }

    /** The wait of a request runs out, before or after its message was worked on. */
    void park(Random random) {
        List<Step> requested = new ArrayList<>(late);
        requested.addAll(sent);
        if (requested.isEmpty() || !(requested.get(random.nextInt(requested.size())) instanceof ApplyChanges step)) {
            return;
        }
        judge(service.parking(step));
    }

    /** The server is killed before it commits. */
    void loseTransaction(Random random) {
        if (sent.isEmpty()) {
            return;
        }
        Step step = sent.get(random.nextInt(sent.size()));
        SyncEngine engine = service.engine(service.store.books(), service.store.contacts());
        assertThatThrownBy(() -> service.store.inTransaction(() -> {
                    engine.run(step, true);
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");
    }

    void passTime(Random random) {
        service.clock.pass(
                random.nextInt(4) == 0 ? TestService.LIMITS.uploadLease() : Duration.ofSeconds(1 + random.nextInt(20)));
    }

    void sweep() {
        judge(service.sweep());
        service.store.inTransaction(() -> service.store.housekeeping().removeGarbage(3));
    }

    /** The book in the store is the one that was answered. */
    void compare() {
        book.compare(service);
        BookState row = service.book(Examples.ADA);
        assertThat(service.store.tasks().waiting(row.id()))
                .extracting(SyncTask::id)
                .containsExactlyInAnyOrderElementsOf(waiting.keySet());
        assertThat(row.openTasks()).isEqualTo(waiting.size());
    }

    /** Everything ends: no promise is left. Answers which steps were answered how. */
    List<String> end() {
        service.clock.pass(TestService.LIMITS.uploadLease());
        for (int i = 0; i < 3; i++) {
            service.clock.pass(Duration.ofSeconds(20));
            sweep();
            compare();
        }
        assertThat(waiting).isEmpty();
        assertThat(service.readings.tasks(Examples.ADA)).isEmpty();
        assertThat(outcomes.keySet()).containsAll(promised);
        return seen;
    }

    private void send(Step step, Random random) {
        requests.put(step.head().replyTo(), step);
        switch (random.nextInt(8)) {
            case 0 -> late.add(step);
            case 1 -> {
                deliver(step);
                deliver(step);
            }
            default -> deliver(step);
        }
    }

    private void deliver(Step step) {
        sent.add(step);
        judge(service.deliver(step));
    }

    private void judge(List<Reply> replies) {
        for (Reply reply : replies) {
            Step step = Objects.requireNonNull(requests.get(reply.to()), "a reply to nobody");
            Outcome outcome = reply.outcome();
            seen.add(step.getClass().getSimpleName() + " " + kind(outcome));
            if (step instanceof ApplyChanges apply) {
                judge(apply, outcome);
            } else if (step instanceof OpenUpload open) {
                judge(open, outcome);
            } else if (step instanceof PutChunk chunk) {
                judge(chunk, outcome);
            } else if (step instanceof CommitUpload commit) {
                judge(commit, outcome);
            } else if (step instanceof CancelTask cancel) {
                judge(cancel, outcome);
            }
        }
    }

    private void judge(ApplyChanges step, Outcome answer) {
        TaskId task = step.task();
        if (answer instanceof Outcome.Accepted) {
            promised.add(task);
            waiting.putIfAbsent(task, step);
            assertThat(outcomes).as("a task that has ended does not wait").doesNotContainKey(task);
            return;
        }
        if (is(answer, ProblemType.IDEMPOTENCY_KEY_IN_PROGRESS) || is(answer, ProblemType.QUEUE_FULL)) {
            return;
        }
        Outcome before = outcomes.putIfAbsent(task, answer);
        if (before != null) {
            repeated(step.firstCode(), before, answer);
            return;
        }
        if (is(answer, ProblemType.TASK_FINISHED)) {
            waiting.remove(task);
            return;
        }
        assertThat(next(step)).as("whose turn it was has run").isEqualTo(task);
        if (waiting.keySet().stream().findFirst().filter(id -> !id.equals(task)).isPresent()) {
            seen.add("ahead of one that was accepted earlier");
        }
        waiting.remove(task);
        assertThat(holder())
                .as("nobody changes the book while an upload holds it")
                .isEmpty();
        boolean same = step.firstCode().equals(book.code());
        if (!same && step.sync().onMismatch() == OnMismatch.REFUSE) {
            Problem.CheckCodeMismatch problem = TestService.refused(answer, Problem.CheckCodeMismatch.class);
            book.compareMissed(step.firstCode(), problem.missed());
        } else if (!book.isAsExpected(step.sync().changes())) {
            TestService.refused(answer, Problem.ContactConflict.class);
        } else if (is(answer, ProblemType.SYNC_LOOP)) {
            // Protocol 4.3.11: rare with so many contents. LoopScenarios say when.
            assertThat(step.priority()).isEqualTo(Priority.BACKGROUND);
        } else {
            SyncResult result = TestService.done(answer);
            assertThat(result.rebased()).isEqualTo(!same);
            if (!same) {
                book.compareMissed(step.firstCode(), result.missed());
            }
            book.apply(step.sync().changes(), result);
            codes.add(book.code());
        }
    }

    /** Protocol 7.2: the same answer, with what was missed by now, or where to read it. */
    private void repeated(CheckCode first, Outcome before, Outcome again) {
        if (is(before, ProblemType.CHECK_CODE_MISMATCH)) {
            Problem.CheckCodeMismatch problem = TestService.refused(again, Problem.CheckCodeMismatch.class);
            assertThat(problem.serverCheckCode()).isEqualTo(book.code());
            book.compareMissed(first, problem.missed());
        } else if (before instanceof Outcome.Applied applied && applied.result().rebased()) {
            SyncResult result = TestService.done(again);
            assertThat(withoutMissed(result)).isEqualTo(withoutMissed(applied.result()));
            assertThat(result.missed().filter(missed -> missed.since().isEmpty()))
                    .as("what was missed is not kept")
                    .isEmpty();
        } else {
            assertThat(again).as("the same request gets the same answer").isEqualTo(before);
        }
    }

    private static SyncResult withoutMissed(SyncResult result) {
        return new SyncResult(
                result.task(),
                result.checkCode(),
                result.seq(),
                result.count(),
                result.put(),
                result.deleted(),
                result.rebased(),
                Optional.empty());
    }

    /**
     * Who is first of those that wait and {@code step}, which is the latest when it does not wait. Neighbours change places while
     * the later one is a person's and the other a background task of its device and book.
     */
    private TaskId next(ApplyChanges step) {
        List<ApplyChanges> order = new ArrayList<>(waiting.values());
        if (!waiting.containsKey(step.task())) {
            order.add(step);
        }
        for (int i = 1; i < order.size(); ) {
            boolean ahead = order.get(i).priority() == Priority.USER
                    && order.get(i - 1).priority() == Priority.BACKGROUND
                    && order.get(i).head().device().isPresent()
                    && order.get(i)
                            .head()
                            .device()
                            .equals(order.get(i - 1).head().device())
                    && order.get(i).firstCode().equals(order.get(i - 1).firstCode());
            if (ahead) {
                Collections.swap(order, i, i - 1);
                i = 1;
            } else {
                i++;
            }
        }
        return order.get(0).task();
    }

    private void judge(OpenUpload step, Outcome answer) {
        if (is(answer, ProblemType.QUEUE_FULL)) {
            return;
        }
        PlainUpload upload = Objects.requireNonNull(uploads.get(step.task()));
        Outcome refusal = outcomes.get(step.task());
        if (upload.opened) {
            assertThat(answer).isInstanceOf(Outcome.Opened.class);
            return;
        }
        if (refusal != null) {
            repeated(step.plan().checkBefore(), refusal, answer);
            return;
        }
        if (!step.plan().checkBefore().equals(book.code())) {
            Problem.CheckCodeMismatch problem = TestService.refused(answer, Problem.CheckCodeMismatch.class);
            book.compareMissed(step.plan().checkBefore(), problem.missed());
            outcomes.put(step.task(), answer);
        } else if (step.plan().kind() == TaskKind.INITIAL && !book.contacts().isEmpty()) {
            TestService.refused(answer, ProblemType.BOOK_NOT_EMPTY);
            outcomes.put(step.task(), answer);
        } else {
            assertThat(answer).isInstanceOf(Outcome.Opened.class);
            upload.opened = true;
            upload.leaseUntil = lease();
        }
    }

    private void judge(PutChunk step, Outcome answer) {
        PlainUpload upload = Objects.requireNonNull(uploads.get(step.task()));
        if (answer instanceof Outcome.Acknowledged && step.number() <= upload.staged.size()) {
            assertThat(answer).isEqualTo(upload.acknowledgements.get(step.number() - 1));
            assertThat(step.changes()).isEqualTo(upload.staged.get(step.number() - 1));
        } else if (answer instanceof Outcome.Acknowledged acknowledged) {
            assertThat(step.number()).isEqualTo(upload.staged.size() + 1);
            assertThat(upload.opened && !upload.ended).isTrue();
            takeTurn(upload);
            upload.staged.add(step.changes());
            upload.acknowledgements.add(acknowledged);
            upload.leaseUntil = lease();
            CheckCode running = upload.open.plan().kind().replacesBook()
                    ? book.codeOfOnly(upload.allStaged())
                    : book.codeWith(upload.allStaged());
            assertThat(acknowledged.chunk().checkCode()).isEqualTo(running);
        } else if (is(answer, ProblemType.CHECK_CODE_MISMATCH)) {
            assertThat(upload.begun()).isFalse();
            assertThat(upload.open.plan().checkBefore()).isNotEqualTo(book.code());
            end(upload);
        } else {
            judgeOther(upload, answer);
        }
    }

    private void judge(CommitUpload step, Outcome answer) {
        PlainUpload upload = Objects.requireNonNull(uploads.get(step.task()));
        if (answer instanceof Outcome.Applied && outcomes.containsKey(step.task())) {
            assertThat(answer).isEqualTo(outcomes.get(step.task()));
        } else if (answer instanceof Outcome.Applied applied) {
            assertThat(upload.opened && !upload.ended).isTrue();
            assertThat(upload.staged).hasSameSizeAs(upload.planned);
            takeTurn(upload);
            outcomes.put(step.task(), answer);
            List<Change> staged = upload.allStaged();
            boolean replaces = upload.open.plan().kind().replacesBook();
            if (replaces) {
                book.replace(staged, applied.result());
            } else {
                book.apply(staged, applied.result());
            }
            codes.add(book.code());
            end(upload);
        } else if (is(answer, ProblemType.CHECK_CODE_MISMATCH)) {
            assertThat(upload.open.plan().checkBefore()).isNotEqualTo(book.code());
            end(upload);
        } else {
            judgeOther(upload, answer);
        }
    }

    private void judge(CancelTask step, Outcome answer) {
        PlainUpload upload = uploads.get(step.task());
        if (answer instanceof Outcome.Gone) {
            if (upload != null) {
                end(upload);
            } else {
                waiting.remove(step.task());
            }
        }
    }

    private void judgeOther(PlainUpload upload, Outcome answer) {
        if (is(answer, ProblemType.TASK_EXPIRED)) {
            assertThat(upload.leaseUntil).isBeforeOrEqualTo(service.clock.instant());
            end(upload);
        } else if (is(answer, ProblemType.TASK_FINISHED)) {
            assertThat(upload.ended).isTrue();
        } else if (is(answer, ProblemType.TASK_WAITING)) {
            assertThat(holder().isPresent() || !waiting.isEmpty()).isTrue();
        } else if (is(answer, ProblemType.NOT_FOUND)) {
            assertThat(upload.opened).isFalse();
        } else {
            assertThat(TestService.refused(answer, Problem.class).type())
                    .isIn(
                            ProblemType.CHUNK_OUT_OF_ORDER,
                            ProblemType.CHUNK_CONFLICT,
                            ProblemType.CONTACT_CONFLICT,
                            ProblemType.CHUNKS_MISSING,
                            ProblemType.MALFORMED_REQUEST,
                            ProblemType.INVALID_CONTACTS);
        }
    }

    /** An upload begins, or goes on: nobody else has the queue and the book is the one that it was made from. */
    private void takeTurn(PlainUpload upload) {
        Optional<PlainUpload> now = holder();
        if (now.isEmpty()) {
            assertThat(upload.begun()).isFalse();
            assertThat(waiting).isEmpty();
            holder = Optional.of(upload);
        } else {
            assertThat(now).containsSame(upload);
        }
        assertThat(upload.open.plan().checkBefore()).isEqualTo(book.code());
    }

    private Optional<PlainUpload> holder() {
        return holder.filter(upload -> upload.leaseUntil.isAfter(service.clock.instant()));
    }

    private void end(PlainUpload upload) {
        upload.ended = true;
        if (holder.isPresent() && holder.get() == upload) {
            holder = Optional.empty();
        }
    }

    private Optional<PlainUpload> anUpload(Random random) {
        List<PlainUpload> open =
                uploads.values().stream().filter(upload -> upload.opened).toList();
        List<PlainUpload> unfinished =
                open.stream().filter(upload -> !upload.ended).toList();
        List<PlainUpload> from = unfinished.isEmpty() || random.nextInt(10) == 0 ? open : unfinished;
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    private List<Change> changes(Random random, int size, boolean expecting, boolean putsOnly) {
        List<Change> changes = new ArrayList<>();
        Set<Uid> uids = new LinkedHashSet<>();
        for (int i = 0; i < size; i++) {
            Uid uid = Examples.uid(random.nextInt(UIDS));
            if (!uids.add(uid)) {
                continue;
            }
            Optional<Change.Expected> expected = expecting ? Optional.of(expectation(random, uid)) : Optional.empty();
            changes.add(
                    putsOnly || random.nextInt(3) > 0
                            ? new Change.Put(uid, Examples.card("name " + random.nextInt(NAMES)), expected)
                            : new Change.Delete(uid, expected));
        }
        return changes;
    }

    /** What the contact is, or now and then something else. */
    private Change.Expected expectation(Random random, Uid uid) {
        Optional<String> hash = Optional.ofNullable(book.contacts().get(uid))
                .map(card ->
                        PlainCheckCodes.contentHash(service.book(Examples.ADA).key(), card));
        return random.nextInt(8) == 0 ? Change.Expected.ABSENT : new Change.Expected(hash.map(ContentHash::ofHex));
    }

    private TestDevice device(Random random) {
        return service.device(DEVICES.get(random.nextInt(DEVICES.size())));
    }

    /** No two requests come at the same time. */
    private void tick() {
        service.clock.pass(Duration.ofMillis(1));
    }

    private Instant lease() {
        return service.clock.instant().plus(TestService.LIMITS.uploadLease());
    }

    private static String kind(Outcome outcome) {
        if (outcome instanceof Refused refused) {
            return "Refused " + refused.problem().type().code();
        }
        boolean rebased =
                outcome instanceof Outcome.Applied applied && applied.result().rebased();
        return outcome.getClass().getSimpleName() + (rebased ? " rebased" : "");
    }

    private static boolean is(Outcome outcome, ProblemType type) {
        return outcome instanceof Refused refused && refused.problem().type() == type;
    }
}
