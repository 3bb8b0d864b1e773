package org.contactsync.protocol.json;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.ArbitraryCards;
import org.contactsync.contact.Flaw;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.protocol.problem.Conflict;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.ReceivedProblem;
import org.contactsync.protocol.problem.ReceivedProblem.FaultyContact;

/** What a server may answer, and what a client has to read of it. */
final class ArbitraryAnswers {
    private static final int MOST = 200_000;

    private ArbitraryAnswers() {}

    static Arbitrary<BookHead> heads() {
        Arbitrary<CheckKey> keys =
                Arbitraries.bytes().array(byte[].class).ofSize(CheckKey.BYTES).map(CheckKey::of);
        return Combinators.combine(numbers(), numbers(), codes(), keys, numbers(), numbers(), numbers())
                .as(BookHead::new);
    }

    static Limits limits(int contacts, int bytes) {
        Limits usual = Limits.DEFAULTS;
        return new Limits(
                2 * contacts,
                bytes + 1,
                contacts,
                bytes,
                usual.bookContacts(),
                contacts + 3,
                usual.queuedTasks(),
                4L * (bytes + 1),
                usual.bookBytes(),
                usual.queueAge(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(contacts),
                usual.uploadLease(),
                usual.taskRetention(),
                usual.changesRetention(),
                usual.historyRetention());
    }

    static Arbitrary<SyncResult> results() {
        return Combinators.combine(ids(), codes(), numbers(), numbers(), numbers(), numbers(), flags(), missed())
                .as((task, code, seq, count, put, deleted, rebased, missed) -> new SyncResult(
                        task, code, seq, count, put, deleted, rebased, rebased ? missed : Optional.empty(), (int)
                                (seq % 3)));
    }

    static Arbitrary<ChunkAck> acknowledgements() {
        return Combinators.combine(small(), small(), numbers(), codes()).as(ChunkAck::new);
    }

    static Arbitrary<Optional<Missed>> missed() {
        return Combinators.combine(
                        changes().list().ofMaxSize(4),
                        Arbitraries.longs().between(0, Long.MAX_VALUE).optional())
                .as(Missed::new)
                .optional();
    }

    static Arbitrary<BookChange> changes() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, Long.MAX_VALUE),
                        ArbitraryCards.uids(),
                        contents().optional(),
                        devices().optional())
                .as(BookChange::new);
    }

    static Arbitrary<Content> contents() {
        return Combinators.combine(ArbitraryCards.cards().map(CanonicalCard::of), hashes())
                .as(Content::new);
    }

    static Arbitrary<Problem> problems() {
        Arbitrary<String> details = Arbitraries.strings()
                .withCharRange(' ', '\u2fff')
                .ofMinLength(1)
                .ofMaxLength(20);
        Arbitrary<Problem> plain =
                Combinators.combine(Arbitraries.of(ProblemType.class), details).as(Problem.Plain::new);
        Arbitrary<Problem> invalid = Combinators.combine(
                        ArbitraryCards.uids().optional(), numbers().map(Long::intValue), details, details)
                .as((uid, index, pointer, detail) ->
                        new ContactFlaw(uid.map(Object::toString), index, pointer, new Flaw("code-of-it", detail)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(Problem.InvalidContacts::new);
        Arbitrary<Problem> mismatch =
                Combinators.combine(codes(), numbers(), numbers(), missed()).as(Problem.CheckCodeMismatch::new);
        Arbitrary<Problem> conflict = Combinators.combine(
                        Combinators.combine(ArbitraryCards.uids(), small(), hashes().optional())
                                .as(Conflict::new)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(3),
                        codes())
                .as((conflicts, code) -> new Problem.ContactConflict(conflicts, code));
        Arbitrary<Problem> loop = Combinators.combine(ArbitraryCards.uids(), devices())
                .as(Problem.SyncLoop.Looping::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(Problem.SyncLoop::of);
        return Arbitraries.oneOf(
                plain,
                invalid,
                mismatch,
                conflict,
                loop,
                Combinators.combine(codes(), numbers()).as(Problem.ResultCodeMismatch::new),
                Combinators.combine(numbers(), numbers()).as(Problem.MassDeleteSuspected::new),
                small().map(Problem.ChunkOutOfOrder::new),
                small().map(Problem.TaskWaiting::new),
                ids().map(Problem.InProgress::new),
                Arbitraries.of(TaskState.class).map(Problem.TaskFinished::new));
    }

    /** What a client reads of a problem. */
    static ReceivedProblem received(Problem problem) {
        return new ReceivedProblem(
                problem.type().status(),
                problem.type().code(),
                problem.detail(),
                problem.type().next(),
                contacts(problem),
                problem instanceof Problem.TaskWaiting waiting ? waiting.position() : 0,
                problem instanceof Problem.ChunkOutOfOrder order ? order.expected() : 0,
                problem instanceof Problem.InProgress progress
                        ? Optional.of(progress.task().toString())
                        : Optional.empty(),
                problem instanceof Problem.CheckCodeMismatch mismatch ? mismatch.missed() : Optional.empty());
    }

    private static List<FaultyContact> contacts(Problem problem) {
        if (problem instanceof Problem.InvalidContacts invalid) {
            return invalid.flaws().stream()
                    .map(each -> new FaultyContact(
                            each.uid().orElse(""), each.pointer(), each.flaw().detail()))
                    .toList();
        }
        if (problem instanceof Problem.SyncLoop loop) {
            return loop.looping().stream()
                    .map(each -> new FaultyContact(
                            each.uid().value(), "", each.device().value()))
                    .toList();
        }
        return problem instanceof Problem.ContactConflict conflict
                ? conflict.conflicts().stream()
                        .map(each -> new FaultyContact(each.uid().value(), "", ""))
                        .toList()
                : List.of();
    }

    static Arbitrary<TaskView> tasks() {
        Arbitrary<Instant> times = Arbitraries.longs().between(0, 1L << 41).map(Instant::ofEpochMilli);
        Arbitrary<Optional<TaskView.Upload>> uploads = Combinators.combine(
                        small(), small(), numbers(), numbers(), codes().optional())
                .as(TaskView.Upload::new)
                .optional();
        Arbitrary<Outcome> outcomes = Arbitraries.oneOf(
                results().map(Outcome.Applied::new), problems().map(Outcome.Refused::new));
        Arbitrary<TaskView> plain = Combinators.combine(
                        ids(),
                        Arbitraries.of(TaskKind.class),
                        Arbitraries.of(TaskState.class),
                        small(),
                        devices().optional(),
                        Arbitraries.of(Priority.class).optional(),
                        times,
                        times.optional())
                .as((id, kind, state, position, device, priority, created, expires) -> new TaskView(
                        id,
                        kind,
                        state,
                        position,
                        device,
                        priority,
                        created,
                        expires,
                        Optional.empty(),
                        Optional.empty()));
        return Combinators.combine(plain, uploads, outcomes.optional())
                .as((task, upload, outcome) -> new TaskView(
                        task.id(),
                        task.kind(),
                        task.state(),
                        task.position(),
                        task.device(),
                        task.priority(),
                        task.createdAt(),
                        task.expiresAt(),
                        upload,
                        outcome));
    }

    /** What a client reads of a task. */
    static ReceivedTask received(TaskView task) {
        return new ReceivedTask(
                task.id().toString(),
                task.kind().wireName(),
                task.state(),
                task.position(),
                task.upload().map(TaskView.Upload::nextChunk).orElse(1),
                task.outcome()
                        .filter(Outcome.Applied.class::isInstance)
                        .map(outcome -> ((Outcome.Applied) outcome).result()),
                task.outcome()
                        .filter(Outcome.Refused.class::isInstance)
                        .map(outcome -> received(((Outcome.Refused) outcome).problem())));
    }

    static Arbitrary<ContentHash> hashes() {
        return Arbitraries.bytes().array(byte[].class).ofSize(32).map(ContentHash::of);
    }

    static Arbitrary<CheckCode> codes() {
        return Arbitraries.integers().between(0, 9).map(ArbitraryAnswers::code);
    }

    static CheckCode code(int n) {
        return new CheckCode("ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSO" + n + "6Y");
    }

    static Arbitrary<Boolean> flags() {
        return Arbitraries.of(true, false);
    }

    static Arbitrary<Long> numbers() {
        return Arbitraries.longs().between(0, MOST);
    }

    private static Arbitrary<Integer> small() {
        return Arbitraries.integers().between(1, 1_000);
    }

    private static Arbitrary<TaskId> ids() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                .as((high, low) -> new TaskId(new UUID(high, low)));
    }

    private static Arbitrary<DeviceId> devices() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(64)
                .map(DeviceId::new);
    }
}
