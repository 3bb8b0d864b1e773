package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.OTHER_CODE;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.TestService.done;
import static org.contactsync.sync.TestService.refused;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.StaleBookException;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.Books;
import org.junit.jupiter.api.Test;

/** Incremental syncs, over whatever store. */
public abstract class IncrementalScenarios {
    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");

    protected abstract TestStore newStore();

    /** Protocol 4.3.2. */
    @Test
    void appliesChangesAndAnswersWithTheCodeOfTheBookAfterwards() {
        SyncResult result = done(service.answer(phone.changes(put(1, "Ada"), put(2, "Bob"))));

        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada"), uid(2), card("Bob")));
        assertThat(result.checkCode()).isEqualTo(recomputed());
        assertThat(result.seq()).isEqualTo(1);
        assertThat(result.count()).isEqualTo(2);
        assertThat(result.put()).isEqualTo(2);
        assertThat(result.rebased()).isFalse();
    }

    /** Protocol 4.3.4. */
    @Test
    void changesThatMakeNoDifferenceAreNotCountedAndDoNotMoveTheBook() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob"), delete(3)));
        service.answer(phone.changes(delete(2)));

        SyncResult result = done(service.answer(phone.changes(put(1, "Ada"), delete(2), delete(9))));

        assertThat(result.put()).isZero();
        assertThat(result.deleted()).isZero();
        assertThat(result.seq()).isEqualTo(2);
        assertThat(service.book(ADA).seq()).isEqualTo(2);
    }

    @Test
    void aDeletedContactCanComeBack() {
        service.answer(phone.changes(put(1, "Ada")));
        service.answer(phone.changes(delete(1)));

        done(service.answer(phone.changes(put(1, "Ada King"))));

        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada King")));
        assertThat(service.code(ADA)).isEqualTo(recomputed());
    }

    /** Protocol 4.3.5, 5.4, 9.1. */
    @Test
    void aMismatchChangesNothingAndTellsAllThatWasMissed() {
        CheckCode before = service.code(ADA);
        service.answer(tablet.changes(put(1, "Ada"), put(2, "Bob")));
        CheckCode after = service.code(ADA);
        service.answer(tablet.changes(delete(2)));

        Problem.CheckCodeMismatch first =
                refused(service.answer(phone.changesFrom(before, put(3, "Cy"))), Problem.CheckCodeMismatch.class);
        Problem.CheckCodeMismatch second =
                refused(service.answer(phone.changesFrom(after, put(3, "Cy"))), Problem.CheckCodeMismatch.class);

        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        assertThat(first.serverCheckCode()).isEqualTo(recomputed());
        assertThat(first.serverCount()).isEqualTo(1);
        assertThat(first.serverSeq()).isEqualTo(2);
        assertThat(missedUids(first.missed())).containsExactly("put uid-1", "delete uid-2");
        assertThat(first.missed().orElseThrow().since()).isEmpty();
        assertThat(missedUids(second.missed())).containsExactly("delete uid-2");
    }

    /** Protocol 5.4: more than 100 changes. */
    @Test
    void aLongListOfMissedChangesIsCutAtAWholeSequenceNumberAndSaysWhereItGoesOn() {
        CheckCode before = service.code(ADA);
        service.answer(tablet.changes(puts(0, 60)));
        service.answer(tablet.changes(puts(60, 120)));

        Problem.CheckCodeMismatch problem =
                refused(service.answer(phone.changesFrom(before, put(500, "x"))), Problem.CheckCodeMismatch.class);

        Missed missed = problem.missed().orElseThrow();
        assertThat(missed.changes()).hasSize(60);
        assertThat(missed.since()).hasValue(1L);
    }

    @Test
    void aHundredMissedChangesAreAllTold() {
        CheckCode before = service.code(ADA);
        service.answer(tablet.changes(puts(0, 100)));

        Missed missed = refused(
                        service.answer(phone.changesFrom(before, put(500, "x"))), Problem.CheckCodeMismatch.class)
                .missed()
                .orElseThrow();

        assertThat(missed.since()).isEmpty();
        assertThat(missed.changes()).hasSize(100);
    }

    /** Protocol 5.4: more than 256 KiB. */
    @Test
    void missedChangesAreCutAtTheirBytesAndNotBefore() {
        CheckCode before = service.code(ADA);
        service.answer(tablet.changes(large(1, 128 * 1024)));
        service.answer(tablet.changes(large(2, 128 * 1024)));
        Missed all = refused(service.answer(phone.changesFrom(before, put(9, "x"))), Problem.CheckCodeMismatch.class)
                .missed()
                .orElseThrow();
        service.answer(tablet.changes(put(3, "one more")));
        Missed cut = refused(service.answer(phone.changesFrom(before, put(9, "x"))), Problem.CheckCodeMismatch.class)
                .missed()
                .orElseThrow();

        assertThat(all.since()).isEmpty();
        assertThat(all.changes()).hasSize(2);
        assertThat(cut.since()).hasValue(1L);
    }

    /** Protocol 5.4: a code that the server does not know. */
    @Test
    void anUnknownFirstCodeIsSentToTheTree() {
        service.answer(tablet.changes(put(1, "Ada")));

        Problem.CheckCodeMismatch problem =
                refused(service.answer(phone.changesFrom(OTHER_CODE, put(2, "x"))), Problem.CheckCodeMismatch.class);

        assertThat(problem.missed()).isEmpty();
    }

    /** Protocol 5.4: when the task that led to a code is forgotten, the code is. */
    @Test
    void aForgottenCodeIsSentToTheTree() {
        service.answer(tablet.changes(put(1, "Ada")));
        CheckCode old = service.code(ADA);
        service.clock.pass(TestService.LIMITS.taskRetention());
        service.answer(tablet.changes(put(2, "Bob")));
        service.store.inTransaction(() -> service.store.housekeeping().forgetTasks(service.clock.instant(), 10));

        Problem.CheckCodeMismatch problem =
                refused(service.answer(phone.changesFrom(old, put(3, "x"))), Problem.CheckCodeMismatch.class);

        assertThat(problem.missed()).isEmpty();
    }

    /** Protocol 4.6.1, 5.4: a deletion stays missed when an upload fills the book anew. */
    @Test
    void deletionsBeforeAnUploadToAnEmptiedBookAreNotToldAsIfNothingWereMissed() {
        service.answer(tablet.changes(put(1, "Ada")));
        CheckCode old = service.code(ADA);
        service.answer(tablet.changes(delete(1)));
        Step.OpenUpload open = tablet.open(TaskKind.INITIAL, 1, 1);
        service.answer(open);
        service.answer(tablet.chunk(open, 1, put(2, "Bob")));
        done(service.answer(tablet.commit(open)));

        Optional<Missed> missed = refused(
                        service.answer(phone.changesFrom(old, put(3, "x"))), Problem.CheckCodeMismatch.class)
                .missed();

        assertThat(missed).isEmpty();
    }

    /** Protocol 5.4: a device that never had anything is told a first upload whole. */
    @Test
    void theFirstUploadIsInTheFeedOfAnEmptyDevice() {
        CheckCode empty = service.code(ADA);
        Step.OpenUpload open = tablet.open(TaskKind.INITIAL, 1, 1);
        service.answer(open);
        service.answer(tablet.chunk(open, 1, put(2, "Bob")));
        done(service.answer(tablet.commit(open)));

        Problem.CheckCodeMismatch problem =
                refused(service.answer(phone.changesFrom(empty, put(3, "x"))), Problem.CheckCodeMismatch.class);

        assertThat(missedUids(problem.missed())).containsExactly("put uid-2");
    }

    /** Protocol 5.6: a task keeps some of the contacts, and the repeated request is told all, as they are by then. */
    @Test
    void aConflictOfManyContactsIsKeptShortAndToldWholeAgain() {
        Change[] absent = IntStream.range(0, 50)
                .mapToObj(n -> new Change.Put(uid(n), card("mine"), Optional.of(Change.Expected.ABSENT)))
                .toArray(Change[]::new);
        service.answer(tablet.changes(puts(0, 50)));
        ApplyChanges step = phone.changes(absent);

        Problem.ContactConflict told = refused(service.answer(step), Problem.ContactConflict.class);
        service.answer(tablet.apply(
                service.code(ADA),
                new IncrementalSync(List.of(delete(0), put(1, "new")), Optional.empty(), OnMismatch.REFUSE, true)));
        Problem.ContactConflict again = refused(service.answer(phone.again(step)), Problem.ContactConflict.class);

        assertThat(told.conflicts()).hasSize(50);
        assertThat(again.total()).isEqualTo(49);
        assertThat(again.conflicts()).hasSize(49);
        assertThat(again.conflicts().get(0).index()).isEqualTo(1);
        assertThat(again.conflicts().get(0).actual())
                .isNotEqualTo(told.conflicts().get(1).actual());
        Problem.ContactConflict kept = refused(
                TestReceipts.outcome(
                        service.task(step.task()).orElseThrow().answer().orElseThrow()),
                Problem.ContactConflict.class);
        assertThat(kept.total()).isEqualTo(50);
        assertThat(kept).isEqualTo(told.kept());
        assertThat(kept.conflicts()).hasSize(20);
    }

    /** What is kept whole stays as it was told first. */
    @Test
    void aConflictOfFewContactsIsToldTheSameAgain() {
        service.answer(tablet.changes(puts(0, 20)));
        ApplyChanges step = phone.changes(IntStream.range(0, 20)
                .mapToObj(n -> new Change.Put(uid(n), card("mine"), Optional.of(Change.Expected.ABSENT)))
                .toArray(Change[]::new));

        Problem.ContactConflict told = refused(service.answer(step), Problem.ContactConflict.class);
        service.answer(tablet.changes(put(1, "new")));

        assertThat(refused(service.answer(phone.again(step)), Problem.ContactConflict.class))
                .isEqualTo(told);
    }

    /** Protocol 5.6. */
    @Test
    void contactsThatAreNotAsExpectedAreAllNamedAndNothingChanges() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob")));
        Change absentButThere = new Change.Put(uid(1), card("x"), Optional.of(Change.Expected.ABSENT));
        Change asItIs = new Change.Put(uid(2), card("y"), expected("Bob"));
        Change notThere = new Change.Delete(uid(3), expected("Cy"));

        Problem.ContactConflict problem =
                refused(service.answer(phone.changes(absentButThere, asItIs, notThere)), Problem.ContactConflict.class);

        assertThat(problem.conflicts())
                .extracting(item ->
                        item.uid() + " " + item.index() + " " + item.actual().isEmpty())
                .containsExactly("uid-1 0 false", "uid-3 2 true");
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada"), uid(2), card("Bob")));
        assertThat(service.book(ADA).seq()).isEqualTo(1);
    }

    /** Protocol 9.2. */
    @Test
    void aRebaseAppliesWhenEveryContactIsAsExpectedAndTellsWhatWasMissed() {
        service.answer(phone.changes(put(1, "Ada")));
        CheckCode seen = service.code(ADA);
        service.answer(tablet.changes(put(2, "Bob")));

        SyncResult result =
                done(service.answer(phone.rebasing(seen, new Change.Put(uid(1), card("Ada King"), expected("Ada")))));

        assertThat(result.rebased()).isTrue();
        assertThat(missedUids(result.missed())).containsExactly("put uid-2");
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada King"), uid(2), card("Bob")));
        assertThat(result.checkCode()).isEqualTo(recomputed());
    }

    /** Protocol 9.2. */
    @Test
    void aRebaseOverAChangedContactIsRefused() {
        service.answer(phone.changes(put(1, "Ada")));
        CheckCode seen = service.code(ADA);
        service.answer(tablet.changes(put(1, "Ada of the tablet")));

        refused(
                service.answer(phone.rebasing(seen, new Change.Put(uid(1), card("Ada of the phone"), expected("Ada")))),
                Problem.ContactConflict.class);

        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada of the tablet")));
    }

    /** Protocol 4.3.6. */
    @Test
    void anUnexpectedResultChangesNothing() {
        service.answer(phone.changes(put(1, "Ada")));
        ApplyChanges wrong = phone.apply(
                service.code(ADA),
                new IncrementalSync(List.of(put(2, "Bob")), Optional.of(OTHER_CODE), OnMismatch.REFUSE, false));

        Problem.ResultCodeMismatch problem = refused(service.answer(wrong), Problem.ResultCodeMismatch.class);

        assertThat(problem.count()).isEqualTo(2);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        assertThat(service.book(ADA).seq()).isEqualTo(1);
        CheckCode predicted = problem.serverCheckCode();
        done(service.answer(phone.apply(
                service.code(ADA),
                new IncrementalSync(List.of(put(2, "Bob")), Optional.of(predicted), OnMismatch.REFUSE, false))));
        assertThat(service.code(ADA)).isEqualTo(predicted);
    }

    /** Protocol 4.3.8. */
    @Test
    void deletingMoreThanHalfOfALargeBookNeedsToBeConfirmed() {
        service.answer(phone.changes(puts(0, 20)));
        Change[] eleven = deletes(0, 11);

        Problem.MassDeleteSuspected problem =
                refused(service.answer(phone.changes(eleven)), Problem.MassDeleteSuspected.class);
        assertThat(problem.deletes()).isEqualTo(11);
        assertThat(problem.count()).isEqualTo(20);
        assertThat(service.visible(ADA)).hasSize(20);

        done(service.answer(phone.apply(
                service.code(ADA), new IncrementalSync(List.of(eleven), Optional.empty(), OnMismatch.REFUSE, true))));
        assertThat(service.visible(ADA)).hasSize(9);
    }

    /** Protocol 4.3.8. */
    @Test
    void deletingHalfOfALargeBookOrAllOfASmallOneIsDone() {
        service.answer(phone.changes(puts(0, 20)));
        done(service.answer(phone.changes(deletes(0, 10))));
        done(service.answer(phone.changes(deletes(10, 20))));

        assertThat(service.visible(ADA)).isEmpty();
    }

    /** Protocol 4.3.9. */
    @Test
    void aBookTakesNoMoreThanItsLimit() {
        done(service.answer(phone.changes(puts(0, 200))));

        refused(service.answer(phone.changes(put(200, "one too many"))), ProblemType.BOOK_FULL);
        assertThat(service.visible(ADA)).hasSize(200);

        done(service.answer(phone.changes(put(200, "in place of another"), delete(0))));
        assertThat(service.code(ADA)).isEqualTo(recomputed());
    }

    /** Protocol 4.3.9, 6.1 maxBookBytes. */
    @Test
    void aBookHasSoManyBytesOfCards() {
        service.answer(phone.changes(cards(0, 16)));
        assertThat(service.book(ADA).cardBytes()).hasValue(4_000_000);

        Problem full = refused(service.answer(phone.changes(cards(16, 1))), ProblemType.BOOK_FULL);
        assertThat(full.detail()).contains("4194304 bytes");
        assertThat(service.visible(ADA)).hasSize(16);
        done(service.answer(phone.changes(put(0, "smaller"))));
        done(service.answer(phone.changes(cards(16, 1))));
        refused(service.answer(phone.changes(cards(17, 1))), ProblemType.BOOK_FULL);
        done(service.answer(phone.changes(delete(1), cards(17, 1)[0])));
        assertThat(service.book(ADA).cardBytes())
                .hasValue(4_000_000 + card("smaller").length());
        done(service.answer(service.deviceOf(BOB, "phone").changes(cards(0, 16))));
    }

    /** An earlier version that runs beside this one does not count. */
    @Test
    void theBytesOfABookAreCountedAgainWhenTheyAreNotKnown() {
        service.answer(phone.changes(cards(0, 16)));
        service.answer(phone.changes(put(30, "one"), put(31, "two")));
        service.store.inTransaction(() -> {
            BookState book = service.store.books().lock(ADA).book();
            service.store
                    .books()
                    .apply(Examples.update(
                            book, book.switched(book.generation(), book.digest(), OptionalLong.empty())));
        });
        assertThat(service.book(ADA).cardBytes()).isEmpty();
        service.answer(phone.changes(delete(0)));
        assertThat(service.book(ADA).cardBytes()).isEmpty();

        done(service.answer(phone.changes(cards(20, 1))));

        assertThat(service.book(ADA).cardBytes())
                .hasValue(4_000_000 + 2 * card("one").length());
        refused(service.answer(phone.changes(cards(21, 1))), ProblemType.BOOK_FULL);
    }

    private static Change[] cards(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(n -> new Change.Put(uid(n), Examples.cardOf(250_000), Optional.empty()))
                .toArray(Change[]::new);
    }

    /** Protocol 7.2. */
    @Test
    void theSameRequestAgainGetsTheSameAnswerAndChangesNothing() {
        ApplyChanges step = phone.changes(put(1, "Ada"));
        Outcome first = service.answer(step);
        service.answer(tablet.changes(delete(1)));

        Outcome again = service.answer(phone.again(step));

        assertThat(again).isEqualTo(first);
        assertThat(service.visible(ADA)).isEmpty();
    }

    /** Protocol 7.2: a refusal too. */
    @Test
    void theSameRequestAgainGetsTheSameRefusal() {
        CheckCode before = service.code(ADA);
        service.answer(tablet.changes(put(1, "Ada")));
        ApplyChanges step = phone.changesFrom(before, put(2, "Bob"));
        refused(service.answer(step), Problem.CheckCodeMismatch.class);
        service.answer(tablet.changes(delete(1)));

        assertThat(service.code(ADA)).isEqualTo(before);
        refused(service.answer(phone.again(step)), Problem.CheckCodeMismatch.class);
        assertThat(service.visible(ADA)).isEmpty();
    }

    /** Protocol 7.2: what was missed is told as it is by now, and leads to the code that stands beside it. */
    @Test
    void aRepeatedMismatchSaysWhatWasMissedByNow() {
        CheckCode before = service.code(ADA);
        service.answer(tablet.changes(put(1, "Ada")));
        ApplyChanges step = phone.changesFrom(before, put(2, "Bob"));
        Problem.CheckCodeMismatch first = refused(service.answer(step), Problem.CheckCodeMismatch.class);
        Problem.CheckCodeMismatch same = refused(service.answer(phone.again(step)), Problem.CheckCodeMismatch.class);
        service.answer(tablet.changes(put(3, "Zoe")));

        Problem.CheckCodeMismatch later = refused(service.answer(phone.again(step)), Problem.CheckCodeMismatch.class);

        assertThat(same).isEqualTo(first);
        assertThat(missedUids(later.missed())).containsExactly("put uid-1", "put uid-3");
        assertThat(later.missed().orElseThrow().since()).isEmpty();
        assertThat(later.serverCheckCode()).isEqualTo(service.code(ADA));
    }

    /** Protocol 5.4: a request of a few bytes must not have the cards of others stored once more. */
    @Test
    void whatWasMissedIsNotKeptWithTheTask() {
        CheckCode before = service.code(ADA);
        service.answer(tablet.changes(new Change.Put(uid(1), Examples.cardOf(100_000), Optional.empty())));
        ApplyChanges refuses = phone.changesFrom(before, delete(1));
        ApplyChanges rebases =
                phone.rebasing(before, new Change.Put(uid(2), card("Bob"), Optional.of(Change.Expected.ABSENT)));
        Step.OpenUpload open = phone.open(new UploadPlan(TaskKind.REPLACE, before, 1, 1, Optional.empty(), false));

        for (Step step : List.of(refuses, open, rebases)) {
            Missed told = missed(service.answer(step));
            Answer kept = service.task(step.task()).orElseThrow().answer().orElseThrow();
            Missed missed = missed(TestReceipts.outcome(kept));

            assertThat(told.changes()).hasSize(1);
            assertThat(kept.body()).hasSizeLessThan(1_000);
            assertThat(missed.changes()).isEmpty();
            assertThat(missed.since()).hasValue(0L);
        }
        assertThat(missed(service.answer(phone.again(open))).changes()).hasSize(2);
    }

    /** Protocol 7.2. */
    @Test
    void theSameKeyWithAnotherRequestIsRefused() {
        ApplyChanges step = phone.changes(put(1, "Ada"));
        service.answer(step);
        ApplyChanges other = phone.changes(put(1, "Ada King"));
        ApplyChanges reused =
                new ApplyChanges(phone.again(step).head(), other.digest(), other.firstCode(), other.sync());
        Step.OpenUpload upload = phone.open(TaskKind.CHANGES, 1, 1);

        refused(service.answer(reused), ProblemType.IDEMPOTENCY_KEY_REUSED);
        refused(
                service.answer(new Step.OpenUpload(phone.again(step).head(), upload.digest(), upload.plan())),
                ProblemType.IDEMPOTENCY_KEY_REUSED);
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada")));
    }

    /** Protocol 7.2: keys belong to a user, and so do books. */
    @Test
    void booksOfTwoUsersDoNotTouch() {
        TestDevice bobs = service.deviceOf(BOB, "phone");
        done(service.answer(phone.changes(put(1, "Ada"))));
        done(service.answer(bobs.changes(put(1, "Bob"))));

        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada")));
        assertThat(service.visible(BOB)).isEqualTo(Map.of(uid(1), card("Bob")));
        assertThat(service.code(ADA)).isNotEqualTo(service.code(BOB));
    }

    /** Protocol 1.3: whoever read the book before another wrote it writes nothing. */
    @Test
    void aStaleWriterThrowsAndChangesNothing() {
        BookState stale = service.book(ADA);
        ApplyChanges late = phone.changes(put(2, "Bob"));
        service.answer(tablet.changes(put(1, "Ada")));
        SyncEngine engine = service.engine(new StaleBooks(service.store.books(), stale), service.store.contacts());

        assertThatThrownBy(() -> service.store.inTransaction(() -> engine.run(late, false)))
                .isInstanceOf(StaleBookException.class);

        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada")));
        assertThat(service.task(late.task())).isEmpty();
        assertThat(service.code(ADA)).isEqualTo(recomputed());
    }

    /** Protocol 4.6.1. */
    @Test
    void theFeedNamesTheLastChangeOfEachContactAndItsDevice() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob")));
        service.answer(tablet.changes(put(1, "Ada King"), delete(2)));

        BookReadings.FeedPage page = service.readings
                .changes(ADA, 0, Optional.empty(), 10)
                .orElseThrow()
                .value();

        assertThat(page.more()).isFalse();
        assertThat(page.changes())
                .extracting(change ->
                        change.uid() + " " + change.seq() + " " + change.now().isPresent() + " "
                                + change.device().orElseThrow().value())
                .containsExactly("uid-1 2 true tablet", "uid-2 2 false tablet");
    }

    /** A step whose transaction is lost is as if it had never come. */
    @Test
    void aStepThatIsDeliveredAfterItsTransactionWasLostIsApplied() {
        ApplyChanges step = phone.changes(put(1, "Ada"));
        assertThatThrownBy(() -> service.store.inTransaction(() -> {
                    service.engine(service.store.books(), service.store.contacts())
                            .run(step, false);
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");
        assertThat(service.visible(ADA)).isEmpty();

        service.clock.pass(Duration.ofSeconds(1));
        done(service.answer(step));

        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
    }

    private CheckCode recomputed() {
        return PlainCheckCodes.of(service.book(ADA).key(), service.visible(ADA));
    }

    private Optional<Change.Expected> expected(String name) {
        CheckCodes codes = new CheckCodes(service.book(ADA).key());
        return Optional.of(new Change.Expected(Optional.of(codes.contentHash(card(name)))));
    }

    private static Change large(int n, int bytes) {
        CanonicalCard card = Examples.cardOf(bytes);
        return new Change.Put(uid(n), card, Optional.empty());
    }

    private static Change[] puts(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> put(n, "n" + n)).toArray(Change[]::new);
    }

    private static Change[] deletes(int from, int to) {
        return IntStream.range(from, to).mapToObj(Examples::delete).toArray(Change[]::new);
    }

    private static Missed missed(Outcome outcome) {
        return (outcome instanceof Outcome.Applied
                        ? done(outcome).missed()
                        : refused(outcome, Problem.CheckCodeMismatch.class).missed())
                .orElseThrow();
    }

    private static List<String> missedUids(Optional<Missed> missed) {
        return missed.orElseThrow().changes().stream()
                .map(change -> (change.now().isPresent() ? "put " : "delete ") + change.uid())
                .toList();
    }

    /** What a writer sees that has not noticed that it lost its lock. */
    private record StaleBooks(Books books, BookState stale) implements Books {
        @Override
        public Locked lock(Owner owner) {
            return new TestLocked(books.lock(owner), stale, java.time.Instant.EPOCH);
        }

        @Override
        public Locked lockNow(Owner owner, Wanted wanted) {
            return lock(owner);
        }

        @Override
        public List<Optional<Locked>> lockFree(List<Claim> claims) {
            return claims.stream()
                    .map(claim -> Optional.of(lock(claim.owner())))
                    .toList();
        }

        @Override
        public Optional<BookState> read(Owner owner) {
            return books.read(owner);
        }

        @Override
        public BookState apply(BookUpdate update) {
            return books.apply(update);
        }
    }
}
