package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.cardOf;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.problem.Conflict;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.junit.jupiter.api.Test;

/** What a conflict tells: the cards of both sides and the one that both had (protocol 5.6). */
public abstract class ConflictScenarios {
    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");

    protected abstract TestStore newStore();

    @Test
    void aConflictHasTheServersCardAndTheAncestor() {
        apply(phone, put(1, "base"));
        apply(tablet, put(1, "theirs"));

        Conflict conflict = only(conflict(over(1, "mine", "base")));

        assertThat(conflict.card()).contains(card("theirs"));
        assertThat(conflict.ancestor()).contains(content("base"));
        assertThat(conflict.more()).isFalse();
    }

    /** Not only the version before the present one. */
    @Test
    void theAncestorMayBeOlder() {
        apply(phone, put(1, "base"));
        IntStream.range(0, 30).forEach(n -> apply(tablet, put(1, "theirs " + n)));

        Conflict conflict = only(conflict(over(1, "mine", "base")));

        assertThat(conflict.card()).contains(card("theirs 29"));
        assertThat(conflict.ancestor()).contains(content("base"));
    }

    @Test
    void aDeletedContactHasItsAncestor() {
        apply(phone, put(1, "base"));
        apply(tablet, delete(1));

        Conflict conflict = only(conflict(over(1, "mine", "base")));

        assertThat(conflict.actual()).isEmpty();
        assertThat(conflict.card()).isEmpty();
        assertThat(conflict.ancestor()).contains(content("base"));
    }

    @Test
    void aContactThatWasNotExpectedHasNone() {
        apply(tablet, put(1, "theirs"));

        Conflict conflict = only(conflict(new Change.Put(uid(1), card("mine"), Optional.of(Change.Expected.ABSENT))));

        assertThat(conflict.card()).contains(card("theirs"));
        assertThat(conflict.ancestor()).isEmpty();
        assertThat(conflict.more()).isFalse();
    }

    /** A full upload leaves the versions where they are. */
    @Test
    void theAncestorIsFoundInAReplacedBook() {
        apply(phone, put(1, "base"), put(2, "other"));
        upload(put(1, "theirs"));

        Conflict conflict = only(conflict(over(1, "mine", "base")));

        assertThat(conflict.card()).contains(card("theirs"));
        assertThat(conflict.ancestor()).contains(content("base"));
        assertThat(only(conflict(new Change.Delete(uid(2), expected("other")))).ancestor())
                .contains(content("other"));
    }

    @Test
    void whatIsNotKeptAnyMoreIsNotTold() {
        apply(phone, put(1, "base"));
        apply(tablet, put(1, "theirs"));
        Bounds bounds = new Bounds(service.now().plusSeconds(1), 100, 1_000_000);
        long book = service.book(ADA).id();
        service.store.inTransaction(() -> service.store.historyRetention().shorten(book, 100, bounds));

        Conflict conflict = only(conflict(over(1, "mine", "base")));

        assertThat(conflict.card()).contains(card("theirs"));
        assertThat(conflict.ancestor()).isEmpty();
        assertThat(conflict.more()).isFalse();
    }

    /** Protocol 7.2: the cards are found again, wherever they are by then, and the task keeps none of them. */
    @Test
    void aRepeatedRequestGetsTheSameConflict() {
        apply(phone, put(1, "base"), put(2, "base"));
        apply(tablet, put(1, "theirs"), delete(2));
        ApplyChanges step = phone.changes(over(1, "mine", "base"), over(2, "mine", "base"));
        ContactConflict told = TestService.refused(service.answer(step), ContactConflict.class);
        assertThat(told.conflicts())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.ancestor()).isPresent());

        apply(tablet, put(1, "new"), put(2, "new"));
        upload(put(3, "other"));

        assertThat(TestService.refused(service.answer(phone.again(step)), ContactConflict.class))
                .isEqualTo(told);
        ContactConflict kept = TestService.refused(
                TestReceipts.outcome(
                        service.task(step.task()).orElseThrow().answer().orElseThrow()),
                ContactConflict.class);
        assertThat(kept).isEqualTo(told.kept());
        assertThat(kept.conflicts())
                .allSatisfy(each -> assertThat(each).isEqualTo(new Conflict(each.uid(), each.index(), each.actual())));
    }

    @Test
    void onlyTheFirstContactsHaveCards() {
        apply(phone, IntStream.range(0, 25).mapToObj(n -> put(n, "base")).toArray(Change[]::new));
        apply(tablet, IntStream.range(0, 25).mapToObj(n -> put(n, "theirs")).toArray(Change[]::new));

        ContactConflict conflict = conflict(
                IntStream.range(0, 25).mapToObj(n -> over(n, "mine", "base")).toArray(Change[]::new));

        assertThat(conflict.total()).isEqualTo(25);
        assertThat(conflict.conflicts().subList(0, 20)).allSatisfy(each -> {
            assertThat(each.card()).contains(card("theirs"));
            assertThat(each.ancestor()).contains(content("base"));
            assertThat(each.more()).isFalse();
        });
        assertThat(conflict.conflicts().subList(20, 25)).allSatisfy(each -> {
            assertThat(each.card()).isEmpty();
            assertThat(each.ancestor()).isEmpty();
            assertThat(each.more()).isTrue();
        });
    }

    /** 256 KiB, and one card at most. */
    @Test
    void soManyBytesOfCardsAreTold() {
        apply(phone, IntStream.range(0, 6).mapToObj(n -> large(n, 90_000)).toArray(Change[]::new));
        CanonicalCard base = cardOf(90_000);
        apply(tablet, IntStream.range(0, 6).mapToObj(n -> large(n, 80_000)).toArray(Change[]::new));

        ContactConflict conflict = conflict(IntStream.range(0, 6)
                .mapToObj(n -> new Change.Put(uid(n), card("mine"), expected(base)))
                .toArray(Change[]::new));

        assertThat(conflict.conflicts())
                .extracting(Conflict::more)
                .containsExactly(false, false, true, true, true, true);
        assertThat(conflict.conflicts().get(1).ancestor()).isPresent();
        assertThat(conflict.conflicts().get(2).card()).isEmpty();
    }

    /** Protocol 8.3.1. */
    @Test
    void aChunkHasThemToo() {
        apply(phone, put(1, "base"));
        apply(tablet, put(1, "theirs"));
        Step.OpenUpload open = phone.open(TaskKind.CHANGES, 1, 1);
        service.answer(open);

        Conflict conflict = only(TestService.refused(
                service.answer(phone.chunk(open, 1, over(1, "mine", "base"))), ContactConflict.class));

        assertThat(conflict.card()).contains(card("theirs"));
        assertThat(conflict.ancestor()).contains(content("base"));
    }

    /** As many as a history may have, and not more. */
    @Test
    void soManyVersionsAreLookedAt() {
        apply(phone, put(1, "base"));
        IntStream.range(0, 4).forEach(n -> apply(tablet, put(1, "theirs " + n)));
        long book = service.book(ADA).id();
        long generation = service.book(ADA).generation();

        assertThat(service.store
                        .history()
                        .content(book, generation, uid(1), content("base").hash(), 4))
                .contains(content("base"));
        assertThat(service.store
                        .history()
                        .content(book, generation, uid(1), content("base").hash(), 3))
                .isEmpty();
        assertThat(Limits.HISTORY_CHANGES).isEqualTo(10_000);
    }

    private static Conflict only(ContactConflict conflict) {
        assertThat(conflict.conflicts()).hasSize(1);
        return conflict.conflicts().get(0);
    }

    private ContactConflict conflict(Change... changes) {
        return TestService.refused(service.answer(phone.changes(changes)), ContactConflict.class);
    }

    private static Change large(int n, int bytes) {
        return new Change.Put(uid(n), cardOf(bytes), Optional.empty());
    }

    private Change over(int n, String name, String expected) {
        return new Change.Put(uid(n), card(name), expected(expected));
    }

    private Optional<Change.Expected> expected(String name) {
        return expected(card(name));
    }

    private Optional<Change.Expected> expected(CanonicalCard card) {
        return Optional.of(new Change.Expected(Optional.of(codes().contentHash(card))));
    }

    private Content content(String name) {
        return new Content(card(name), codes().contentHash(card(name)));
    }

    private CheckCodes codes() {
        return new CheckCodes(service.book(ADA).key());
    }

    private void apply(TestDevice device, Change... changes) {
        TestService.done(service.answer(device.apply(
                service.code(ADA), new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REFUSE, true))));
    }

    private void upload(Change... contacts) {
        Step.OpenUpload open = tablet.open(TaskKind.REPLACE, 1, contacts.length);
        service.answer(open);
        service.answer(tablet.chunk(open, 1, contacts));
        TestService.done(service.answer(tablet.commit(open, Optional.empty(), true)));
    }
}
