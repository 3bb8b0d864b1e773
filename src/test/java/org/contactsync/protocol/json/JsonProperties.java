package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.ArbitraryCards;
import org.contactsync.contact.Card;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.Capabilities;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.Change.Expected;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.protocol.request.UploadPlan;

/** What one side writes the other side reads as the same value. A failing run prints its seed. */
class JsonProperties {
    private final RequestReader requests = new RequestReader(Limits.DEFAULTS);

    @Property(tries = 200)
    void anIncrementalSync(@ForAll("syncs") IncrementalSync sync) {
        assertThat(requests.incrementalSync(RequestWriter.of(sync))).isEqualTo(sync);
    }

    @Property(tries = 200)
    void anUploadPlan(@ForAll("plans") UploadPlan plan) {
        assertThat(requests.uploadPlan(RequestWriter.of(plan))).isEqualTo(plan);
    }

    @Property(tries = 200)
    void aChunkOfChanges(@ForAll("changes") List<Change> changes) {
        assertThat(requests.chunk(RequestWriter.chunk(TaskKind.CHANGES, changes), TaskKind.CHANGES))
                .isEqualTo(changes);
    }

    @Property(tries = 200)
    void aChunkOfContacts(@ForAll("contacts") List<Change> contacts) {
        assertThat(requests.chunk(RequestWriter.chunk(TaskKind.REPLACE, contacts), TaskKind.REPLACE))
                .isEqualTo(contacts);
    }

    @Property(tries = 50)
    void theEndOfAnUpload(@ForAll("commits") UploadCommit commit) {
        assertThat(requests.commit(RequestWriter.of(commit))).isEqualTo(commit);
    }

    @Property(tries = 200)
    void aResult(@ForAll("results") SyncResult result) {
        assertThat(AnswerReader.syncResult(json(AnswerJson.of(result)))).isEqualTo(result);
    }

    @Property(tries = 50)
    void anAcknowledgement(@ForAll("acknowledgements") ChunkAck ack) {
        assertThat(AnswerReader.chunkAck(json(AnswerJson.of(ack)))).isEqualTo(ack);
    }

    /** Protocol 5.4. */
    @Property(tries = 200)
    void whatARefusedTaskMissed(@ForAll("missed") Optional<Missed> missed) {
        Problem problem = new Problem.CheckCodeMismatch(ArbitraryAnswers.code(0), 1, 2, missed);

        assertThat(AnswerReader.missed(json(ProblemJson.of(problem)))).isEqualTo(missed);
    }

    @Property(tries = 50)
    void aBook(@ForAll("heads") BookHead book) {
        assertThat(AnswerReader.bookHead(json(AnswerJson.of(book)))).isEqualTo(book);
    }

    /** Protocol 6.1. */
    @Property(tries = 50)
    void whatAClientPlansWith(
            @ForAll @IntRange(min = 1, max = 10_000) int contacts,
            @ForAll @IntRange(min = 1, max = 1 << 24) int bytes) {
        Limits limits = ArbitraryAnswers.limits(contacts, bytes);

        assertThat(AnswerReader.capabilities(json(AnswerJson.of(limits))))
                .isEqualTo(new Capabilities(
                        limits.chunkContacts(),
                        limits.chunkBytes(),
                        limits.oneShotContacts(),
                        limits.oneShotBytes(),
                        limits.chunks(),
                        (int) limits.waitMost().toSeconds(),
                        Limits.LOST_CARDS));
    }

    @Property(tries = 200)
    void aProblem(@ForAll("problems") Problem problem) {
        assertThat(ProblemReader.problem(bytes(ProblemJson.of(problem)))).contains(ArbitraryAnswers.received(problem));
    }

    @Property(tries = 200)
    void aTask(@ForAll("tasks") TaskView task) {
        assertThat(AnswerReader.task(json(AnswerJson.of(task)))).isEqualTo(ArbitraryAnswers.received(task));
    }

    @Property(tries = 20)
    void aListOfTasks(@ForAll("tasks") TaskView one, @ForAll("tasks") TaskView other) {
        assertThat(AnswerReader.tasks(json(AnswerJson.ofTasks(List.of(one, other)))))
                .containsExactly(ArbitraryAnswers.received(one), ArbitraryAnswers.received(other));
    }

    /** Protocol 4.3.2: a task that was done at once is answered with its result alone. */
    @Property(tries = 50)
    void aTaskThatWasDoneAtOnce(@ForAll("results") SyncResult result) {
        assertThat(AnswerReader.task(json(AnswerJson.of(result))))
                .extracting(ReceivedTask::id, ReceivedTask::state, ReceivedTask::result)
                .containsExactly(result.task().toString(), TaskState.DONE, Optional.of(result));
    }

    @Property(tries = 200)
    void aCard(@ForAll("cards") Card card) {
        CanonicalCard canonical = CanonicalCard.of(card);

        assertThat(CardJson.parsed(canonical)).isEqualTo(card);
        assertThat(CardJson.card(json(new JsonWriter().card(canonical).text()))).isEqualTo(canonical);
    }

    @Provide
    Arbitrary<IncrementalSync> syncs() {
        Arbitrary<IncrementalSync> refusing = Combinators.combine(
                        changes(), ArbitraryAnswers.codes().optional(), ArbitraryAnswers.flags())
                .as((changes, after, confirmed) -> new IncrementalSync(changes, after, OnMismatch.REFUSE, confirmed));
        // Protocol 9.2: each change of a rebase says what it expects.
        Arbitrary<IncrementalSync> rebasing = Combinators.combine(
                        changes(expected().map(Optional::of)), ArbitraryAnswers.flags())
                .as((changes, confirmed) ->
                        new IncrementalSync(changes, Optional.empty(), OnMismatch.REBASE, confirmed));
        Arbitrary<List<LostCard>> lost = Combinators.combine(
                        ArbitraryCards.uids(), ArbitraryCards.cards().map(CanonicalCard::of))
                .as(LostCard::new)
                .list()
                .ofMaxSize(3)
                .uniqueElements(LostCard::uid);
        Arbitrary<IncrementalSync> any = Arbitraries.oneOf(refusing, rebasing);
        return Combinators.combine(any, lost, ArbitraryAnswers.flags())
                .as((sync, cards, alone) -> new IncrementalSync(
                        alone && !cards.isEmpty() ? List.of() : sync.changes(),
                        sync.checkAfter(),
                        sync.onMismatch(),
                        sync.confirmDeletes(),
                        cards));
    }

    @Provide
    Arbitrary<UploadPlan> plans() {
        return Combinators.combine(
                        Arbitraries.of(TaskKind.INITIAL, TaskKind.REPLACE, TaskKind.CHANGES),
                        ArbitraryAnswers.codes(),
                        Arbitraries.integers().between(0, 200),
                        Arbitraries.integers().between(0, 900),
                        ArbitraryAnswers.codes().optional(),
                        ArbitraryAnswers.flags())
                .as((kind, before, chunks, more, after, confirmed) -> new UploadPlan(
                        kind,
                        before,
                        chunks,
                        chunks == 0 ? 0 : chunks + (long) more * chunks / 1_000,
                        after,
                        confirmed));
    }

    @Provide
    Arbitrary<UploadCommit> commits() {
        return Combinators.combine(ArbitraryAnswers.codes().optional(), ArbitraryAnswers.flags())
                .as(UploadCommit::new);
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        return changes(expected().optional());
    }

    @Provide
    Arbitrary<List<Change>> contacts() {
        return puts(Arbitraries.just(Optional.empty()))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .filter(JsonProperties::isEachOnce);
    }

    @Provide
    Arbitrary<SyncResult> results() {
        return ArbitraryAnswers.results();
    }

    @Provide
    Arbitrary<ChunkAck> acknowledgements() {
        return ArbitraryAnswers.acknowledgements();
    }

    @Provide
    Arbitrary<Optional<Missed>> missed() {
        return ArbitraryAnswers.missed();
    }

    @Provide
    Arbitrary<BookHead> heads() {
        return ArbitraryAnswers.heads();
    }

    @Provide
    Arbitrary<Problem> problems() {
        return ArbitraryAnswers.problems();
    }

    @Provide
    Arbitrary<TaskView> tasks() {
        return ArbitraryAnswers.tasks();
    }

    @Provide
    Arbitrary<Card> cards() {
        return ArbitraryCards.cards();
    }

    private static Arbitrary<List<Change>> changes(Arbitrary<Optional<Expected>> expected) {
        Arbitrary<Change> deletes =
                Combinators.combine(ArbitraryCards.uids(), expected).as(Change.Delete::new);
        return Arbitraries.oneOf(puts(expected), deletes)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .filter(JsonProperties::isEachOnce);
    }

    private static Arbitrary<Change> puts(Arbitrary<Optional<Expected>> expected) {
        return Combinators.combine(ArbitraryCards.uids(), ArbitraryCards.cards().map(CanonicalCard::of), expected)
                .as(Change.Put::new);
    }

    private static Arbitrary<Expected> expected() {
        return ArbitraryAnswers.hashes().optional().map(Expected::new);
    }

    private static boolean isEachOnce(List<Change> changes) {
        Set<Uid> uids = new HashSet<>();
        return changes.stream().allMatch(change -> uids.add(change.uid()));
    }

    static JsonObject json(String text) {
        return BoundedJson.object(bytes(text));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
