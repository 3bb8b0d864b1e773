package org.contactsync.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.ArbitraryCards;
import org.contactsync.contact.Card;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.Change.Expected;
import org.contactsync.protocol.ChunkAck;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.IncrementalSync;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.OnMismatch;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.SyncResult;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.UploadCommit;
import org.contactsync.protocol.UploadPlan;

/** What one side writes the other side reads as the same value. A failing run prints its seed. */
class JsonProperties {
    private static final int MOST = 200_000;
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
        Problem problem = new Problem.CheckCodeMismatch(code(0), 1, 2, missed);

        assertThat(AnswerReader.missed(json(ProblemJson.of(problem)))).isEqualTo(missed);
    }

    @Property(tries = 200)
    void aCard(@ForAll("cards") Card card) {
        CanonicalCard canonical = CanonicalCard.of(card);

        assertThat(CardJson.parsed(canonical)).isEqualTo(card);
        assertThat(CardJson.card(json(new JsonWriter().card(canonical).text()))).isEqualTo(canonical);
    }

    @Provide
    Arbitrary<IncrementalSync> syncs() {
        Arbitrary<IncrementalSync> refusing = Combinators.combine(changes(), codes().optional(), flags())
                .as((changes, after, confirmed) -> new IncrementalSync(changes, after, OnMismatch.REFUSE, confirmed));
        // Protocol 9.2: each change of a rebase says what it expects.
        Arbitrary<IncrementalSync> rebasing = Combinators.combine(
                        changes(expected().map(Optional::of)), flags())
                .as((changes, confirmed) ->
                        new IncrementalSync(changes, Optional.empty(), OnMismatch.REBASE, confirmed));
        return Arbitraries.oneOf(refusing, rebasing);
    }

    @Provide
    Arbitrary<UploadPlan> plans() {
        return Combinators.combine(
                        Arbitraries.of(TaskKind.INITIAL, TaskKind.REPLACE, TaskKind.CHANGES),
                        codes(),
                        Arbitraries.integers().between(0, 200),
                        Arbitraries.integers().between(0, 900),
                        codes().optional(),
                        flags())
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
        return Combinators.combine(codes().optional(), flags()).as(UploadCommit::new);
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
        Arbitrary<Long> numbers = Arbitraries.longs().between(0, MOST);
        return Combinators.combine(tasks(), codes(), numbers, numbers, numbers, numbers, flags(), missed())
                .as((task, code, seq, count, put, deleted, rebased, missed) -> new SyncResult(
                        task, code, seq, count, put, deleted, rebased, rebased ? missed : Optional.empty()));
    }

    @Provide
    Arbitrary<ChunkAck> acknowledgements() {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(1, 1_000);
        return Combinators.combine(numbers, numbers, Arbitraries.longs().between(0, MOST), codes())
                .as(ChunkAck::new);
    }

    @Provide
    Arbitrary<Optional<Missed>> missed() {
        Arbitrary<DeviceId> devices = Arbitraries.strings()
                .alpha()
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(64)
                .map(DeviceId::new);
        Arbitrary<Content> contents =
                Combinators.combine(cards().map(CanonicalCard::of), hashes()).as(Content::new);
        Arbitrary<BookChange> changes = Combinators.combine(
                        Arbitraries.longs().between(1, Long.MAX_VALUE),
                        ArbitraryCards.uids(),
                        contents.optional(),
                        devices.optional())
                .as(BookChange::new);
        return Combinators.combine(
                        changes.list().ofMaxSize(4),
                        Arbitraries.longs().between(0, Long.MAX_VALUE).optional())
                .as(Missed::new)
                .optional();
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
        return hashes().optional().map(Expected::new);
    }

    private static Arbitrary<ContentHash> hashes() {
        return Arbitraries.bytes().array(byte[].class).ofSize(32).map(ContentHash::of);
    }

    private static Arbitrary<TaskId> tasks() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                .as((high, low) -> new TaskId(new UUID(high, low)));
    }

    private static Arbitrary<CheckCode> codes() {
        return Arbitraries.integers().between(0, 9).map(JsonProperties::code);
    }

    private static Arbitrary<Boolean> flags() {
        return Arbitraries.of(true, false);
    }

    private static boolean isEachOnce(List<Change> changes) {
        Set<Uid> uids = new HashSet<>();
        return changes.stream().allMatch(change -> uids.add(change.uid()));
    }

    private static CheckCode code(int n) {
        return new CheckCode("ck1.rjkYNnbBO7xL3jkwEKf2tDqT6DNFUnP2Ng_eXXSO" + n + "6Y");
    }

    private static JsonObject json(String text) {
        return BoundedJson.object(text.getBytes(StandardCharsets.UTF_8));
    }
}
