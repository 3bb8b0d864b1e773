package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.OTHER_CODE;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.TestService.done;
import static org.contactsync.sync.TestService.refused;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.ChunkAck;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.Quota;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.step.Step.CommitUpload;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.step.Step.PutChunk;
import org.junit.jupiter.api.Test;

/** Uploads in chunks, over whatever store. */
public abstract class UploadScenarios {
    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");

    protected abstract TestStore newStore();

    /** Protocol 8.5, 8.9. */
    @Test
    void anInitialUploadIsVisibleAfterItsCommitAndNotBefore() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 2, 3);
        TaskView opened = created(open);
        assertThat(opened.upload().orElseThrow().nextChunk()).isEqualTo(1);
        assertThat(opened.position()).isZero();

        ChunkAck first = acknowledged(phone.chunk(open, 1, put(1, "Ada"), put(2, "Bob")));
        ChunkAck second = acknowledged(phone.chunk(open, 2, put(3, "Cy")));

        Map<Uid, CanonicalCard> book = Map.of(uid(1), card("Ada"), uid(2), card("Bob"), uid(3), card("Cy"));
        assertThat(first.nextChunk()).isEqualTo(2);
        assertThat(first.received()).isEqualTo(2);
        assertThat(first.checkCode()).isEqualTo(code(Map.of(uid(1), card("Ada"), uid(2), card("Bob"))));
        assertThat(second.checkCode()).isEqualTo(code(book));
        assertThat(service.visible(ADA)).isEmpty();
        assertThat(service.book(ADA).seq()).isZero();

        SyncResult result = done(service.answer(phone.commit(open)));

        assertThat(service.visible(ADA)).isEqualTo(book);
        assertThat(result.checkCode()).isEqualTo(code(book));
        assertThat(result.seq()).isEqualTo(1);
        assertThat(result.put()).isEqualTo(3);
        assertThat(service.code(ADA)).isEqualTo(code(book));
    }

    /** Protocol 4.8.2. */
    @Test
    void anInitialUploadNeedsAnEmptyBook() {
        service.answer(phone.changes(put(1, "Ada")));

        refused(service.answer(phone.open(TaskKind.INITIAL, 1, 1)), ProblemType.BOOK_NOT_EMPTY);
    }

    /** Protocol 8.9: afterwards the book is exactly what was uploaded. */
    @Test
    void aReplaceMakesTheBookWhatWasUploaded() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob"), put(3, "Cy")));
        OpenUpload open = phone.open(TaskKind.REPLACE, 2, 3);
        created(open);
        acknowledged(phone.chunk(open, 1, put(1, "Ada"), put(2, "Bob changed")));
        acknowledged(phone.chunk(open, 2, put(4, "Di")));
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1), uid(2), uid(3));

        SyncResult result = done(service.answer(phone.commit(open)));

        assertThat(service.visible(ADA))
                .isEqualTo(Map.of(uid(1), card("Ada"), uid(2), card("Bob changed"), uid(4), card("Di")));
        assertThat(result.put()).isEqualTo(2);
        assertThat(result.deleted()).isEqualTo(1);
        assertThat(result.seq()).isEqualTo(2);
        assertThat(service.code(ADA)).isEqualTo(recomputed());
    }

    /** Protocol 4.6.3: after a full upload the feed starts anew. */
    @Test
    void whatAReplaceDeletedIsNotToldAsIfNothingWereMissed() {
        service.answer(phone.changes(put(1, "Ada")));
        CheckCode old = service.code(ADA);
        replaceWith(put(2, "Bob"));

        Problem.CheckCodeMismatch problem =
                refused(service.answer(tablet.changesFrom(old, put(3, "x"))), Problem.CheckCodeMismatch.class);

        assertThat(problem.missed()).isEmpty();
    }

    /** Protocol 8.9. */
    @Test
    void changesInChunksAreAppliedAtTheCommit() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob"), put(3, "Cy")));
        OpenUpload open = phone.open(TaskKind.CHANGES, 2, 4);
        created(open);
        acknowledged(phone.chunk(open, 1, put(1, "Ada King"), delete(2)));
        ChunkAck second = acknowledged(phone.chunk(open, 2, put(4, "Di"), put(3, "Cy")));
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1), uid(2), uid(3));

        SyncResult result = done(service.answer(phone.commit(open)));

        assertThat(service.visible(ADA))
                .isEqualTo(Map.of(uid(1), card("Ada King"), uid(3), card("Cy"), uid(4), card("Di")));
        assertThat(result.put()).isEqualTo(2);
        assertThat(result.deleted()).isEqualTo(1);
        assertThat(second.checkCode()).isEqualTo(recomputed());
        assertThat(result.seq()).isEqualTo(2);
    }

    /** More than the commit applies in one slice. */
    @Test
    void manyChangesInChunksAreAllApplied() {
        service.answer(phone.changes(puts(0, 100)));
        OpenUpload open = phone.open(TaskKind.CHANGES, 2, 1_200);
        created(open);
        acknowledged(phone.chunk(
                open,
                1,
                IntStream.range(0, 600).mapToObj(n -> (Change) delete(n + 40)).toList()));
        acknowledged(phone.chunk(
                open,
                2,
                IntStream.range(0, 600).mapToObj(n -> (Change) delete(n + 640)).toList()));

        done(service.answer(phone.commit(open, Optional.empty(), true)));

        assertThat(service.visible(ADA)).hasSize(40);
        assertThat(service.code(ADA)).isEqualTo(recomputed());
    }

    /** Protocol 8.3.1: a refused chunk stages nothing; the upload stays open. */
    @Test
    void aChunkWhosePreconditionDoesNotHoldIsRefusedAndMayComeAgain() {
        service.answer(phone.changes(put(1, "Ada")));
        OpenUpload open = phone.open(TaskKind.CHANGES, 1, 2);
        created(open);
        Change wrong = new Change.Put(uid(1), card("Ada King"), Optional.of(Change.Expected.ABSENT));

        refused(service.answer(phone.chunk(open, 1, wrong, put(2, "Bob"))), Problem.ContactConflict.class);
        acknowledged(phone.chunk(open, 1, put(1, "Ada King"), put(2, "Bob")));
        done(service.answer(phone.commit(open)));

        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada King"), uid(2), card("Bob")));
    }

    /** Protocol 8.2. */
    @Test
    void aChunkThatIsNotTheNextOneIsRefused() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 3, 3);
        created(open);

        assertThat(refused(service.answer(phone.chunk(open, 2, put(2, "b"))), Problem.ChunkOutOfOrder.class)
                        .expected())
                .isEqualTo(1);
        acknowledged(phone.chunk(open, 1, put(1, "a")));
        assertThat(refused(service.answer(phone.chunk(open, 3, put(3, "c"))), Problem.ChunkOutOfOrder.class)
                        .expected())
                .isEqualTo(2);
        assertThat(refused(service.answer(phone.chunk(open, 4, put(4, "d"))), Problem.ChunkOutOfOrder.class)
                        .expected())
                .isEqualTo(2);
    }

    /** Protocol 8.8. */
    @Test
    void theSameChunkAgainGetsTheSameAcknowledgementAndAnotherOneIsAConflict() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 2, 2);
        created(open);
        PutChunk first = phone.chunk(open, 1, put(1, "Ada"));
        Outcome acknowledgement = service.answer(first);
        acknowledged(phone.chunk(open, 2, put(2, "Bob")));

        assertThat(service.answer(phone.chunk(open, 1, put(1, "Ada")))).isEqualTo(acknowledgement);
        assertThat(service.answer(first)).isEqualTo(acknowledgement);
        Problem.ChunkConflict conflict =
                refused(service.answer(phone.chunk(open, 1, put(1, "Eve"))), Problem.ChunkConflict.class);

        assertThat(conflict.chunk()).isEqualTo(1);
        done(service.answer(phone.commit(open)));
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada"), uid(2), card("Bob")));
    }

    /** Protocol 5.5: in an earlier chunk of the upload. */
    @Test
    void aUidOfAnEarlierChunkIsRefused() {
        for (TaskKind kind : List.of(TaskKind.REPLACE, TaskKind.CHANGES)) {
            OpenUpload open = phone.open(kind, 2, 3);
            created(open);
            acknowledged(phone.chunk(open, 1, put(1, "Ada")));

            Problem.InvalidContacts problem = refused(
                    service.answer(phone.chunk(open, 2, put(2, "Bob"), put(1, "Eve"))), Problem.InvalidContacts.class);

            ContactFlaw item = problem.flaws().get(0);
            assertThat(item.flaw().code()).isEqualTo("duplicate-uid");
            assertThat(item.index()).isEqualTo(1);
            acknowledged(phone.chunk(open, 2, put(2, "Bob"), put(3, "Cy")));
            service.answer(phone.cancel(open));
        }
    }

    /** Protocol 8.11. */
    @Test
    void contactsThatWereLeftOutOfAChunkCountAndAreNotInTheBook() {
        for (TaskKind kind : List.of(TaskKind.INITIAL, TaskKind.CHANGES, TaskKind.REPLACE)) {
            Map<Uid, CanonicalCard> before = service.visible(ADA);
            OpenUpload open = phone.open(kind, 3, 7);
            created(open);
            Map<Uid, CanonicalCard> first = new TreeMap<>(kind.replacesBook() ? Map.of() : before);
            first.put(uid(1), card("Ada " + kind));
            Map<Uid, CanonicalCard> all = new TreeMap<>(first);
            all.put(uid(3), card("Cy " + kind));

            PutChunk chunk = phone.partial(open, 1, gone(), put(1, "Ada " + kind), gone());
            ChunkAck acknowledgement = acknowledged(chunk);
            assertThat(acknowledgement.received()).isEqualTo(3);
            assertThat(acknowledgement.checkCode()).isEqualTo(code(first));
            ChunkAck nothing = acknowledged(phone.partial(open, 2, gone(), gone()));
            assertThat(nothing.received()).isEqualTo(5);
            assertThat(nothing.checkCode()).isEqualTo(code(first));
            Problem.InvalidContacts twice = refused(
                    service.answer(phone.partial(open, 3, gone(), put(1, "again"))), Problem.InvalidContacts.class);
            assertThat(twice.flaws()).extracting(ContactFlaw::index).containsExactly(1);
            assertThat(acknowledged(chunk)).isEqualTo(acknowledgement);
            acknowledged(phone.partial(open, 3, put(3, "Cy " + kind), gone()));
            SyncResult result = done(service.answer(phone.commit(open)));

            assertThat(service.visible(ADA)).isEqualTo(all);
            assertThat(result.checkCode()).isEqualTo(code(all)).isEqualTo(recomputed());
            assertThat(result.put()).isEqualTo(2);
            assertThat(result.count()).isEqualTo(all.size());
        }
    }

    /** Protocol 8.11: as many as the book had are suspected, however few contacts a replace was said to have. */
    @Test
    void contactsThatWereLeftOutOfAReplaceCountAsDeletes() {
        service.answer(phone.changes(puts(0, 20)));
        OpenUpload open = phone.open(TaskKind.REPLACE, 1, 20);
        created(open);
        Change[] contacts = puts(0, 20);
        for (int n = 0; n < 11; n++) {
            contacts[n] = gone();
        }
        acknowledged(phone.partial(open, 1, contacts));

        assertThat(refused(service.answer(phone.commit(open)), Problem.MassDeleteSuspected.class)
                        .deletes())
                .isEqualTo(11);
        service.answer(phone.cancel(open));
        assertThat(service.visible(ADA)).hasSize(20);
    }

    private static Change gone() {
        return Change.withoutEffect(UUID.randomUUID());
    }

    /** Protocol 8.3.1. */
    @Test
    void theNumberOfContactsMustComeToWhatWasAnnounced() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 2, 3);
        created(open);

        refused(
                service.answer(phone.chunk(open, 1, put(1, "a"), put(2, "b"), put(3, "c"), put(4, "d"))),
                Problem.MalformedRequest.class);
        acknowledged(phone.chunk(open, 1, put(1, "a")));
        refused(service.answer(phone.chunk(open, 2, put(2, "b"))), Problem.MalformedRequest.class);
        acknowledged(phone.chunk(open, 2, put(2, "b"), put(3, "c")));
        done(service.answer(phone.commit(open)));
    }

    /** Protocol 4.10.2: the upload stays open. */
    @Test
    void aCommitBeforeAllChunksIsRefusedAndTheUploadGoesOn() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 2, 2);
        created(open);
        refused(service.answer(phone.commit(open)), Problem.ChunksMissing.class);
        acknowledged(phone.chunk(open, 1, put(1, "Ada")));

        Problem.ChunksMissing missing = refused(service.answer(phone.commit(open)), Problem.ChunksMissing.class);

        assertThat(missing.nextChunk()).isEqualTo(2);
        assertThat(missing.received()).isEqualTo(1);
        acknowledged(phone.chunk(open, 2, put(2, "Bob")));
        done(service.answer(phone.commit(open)));
    }

    /** Protocol 4.10.1, 4.10.2: the code of the commit wins over that of the open. */
    @Test
    void aCommitWithAnUnexpectedResultIsRefusedAndMayComeAgainWithAnother() {
        OpenUpload open =
                phone.open(new UploadPlan(TaskKind.INITIAL, service.code(ADA), 1, 1, Optional.of(OTHER_CODE), false));
        created(open);
        acknowledged(phone.chunk(open, 1, put(1, "Ada")));

        Problem.ResultCodeMismatch problem =
                refused(service.answer(phone.commit(open)), Problem.ResultCodeMismatch.class);

        CheckCode right = problem.serverCheckCode();
        assertThat(right).isEqualTo(code(Map.of(uid(1), card("Ada"))));
        assertThat(service.visible(ADA)).isEmpty();
        done(service.answer(phone.commit(open, Optional.of(right), false)));
        assertThat(service.code(ADA)).isEqualTo(right);
    }

    /** Protocol 4.10.1. */
    @Test
    void aRepeatedCommitGetsTheSameAnswer() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 1, 1);
        created(open);
        acknowledged(phone.chunk(open, 1, put(1, "Ada")));
        CommitUpload commit = phone.commit(open);
        Outcome first = service.answer(commit);
        service.answer(tablet.changes(put(2, "Bob")));

        assertThat(service.answer(commit)).isEqualTo(first);
        assertThat(service.answer(phone.commit(open))).isEqualTo(first);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1), uid(2));
        assertThat(refused(service.answer(phone.chunk(open, 1, put(1, "Ada"))), Problem.TaskFinished.class)
                        .state())
                .isEqualTo(TaskState.DONE);
        refused(service.answer(phone.cancel(open)), Problem.TaskFinished.class);
    }

    /** Protocol 4.8.1: a replace that empties a book needs to be confirmed. */
    @Test
    void anEmptyReplaceNeedsToBeConfirmed() {
        service.answer(phone.changes(put(1, "Ada")));
        OpenUpload open = phone.open(TaskKind.REPLACE, 0, 0);
        created(open);

        refused(service.answer(phone.commit(open)), Problem.MassDeleteSuspected.class);
        assertThat(service.visible(ADA)).hasSize(1);
        SyncResult result = done(service.answer(phone.commit(open, Optional.empty(), true)));

        assertThat(result.deleted()).isEqualTo(1);
        assertThat(service.visible(ADA)).isEmpty();
        assertThat(service.book(ADA).hold()).isEmpty();
    }

    /** Protocol 4.3.8, 4.10.2. */
    @Test
    void uploadsThatDeleteMostOfABookNeedToBeConfirmed() {
        service.answer(phone.changes(puts(0, 20)));
        OpenUpload replace = phone.open(TaskKind.REPLACE, 1, 9);
        created(replace);
        acknowledged(phone.chunk(replace, 1, puts(0, 9)));
        assertThat(refused(service.answer(phone.commit(replace)), Problem.MassDeleteSuspected.class)
                        .deletes())
                .isEqualTo(11);
        service.answer(phone.cancel(replace));

        OpenUpload changes = phone.open(TaskKind.CHANGES, 1, 11);
        created(changes);
        acknowledged(phone.chunk(
                changes,
                1,
                IntStream.range(0, 11).mapToObj(n -> (Change) delete(n)).toList()));
        refused(service.answer(phone.commit(changes)), Problem.MassDeleteSuspected.class);
        done(service.answer(phone.commit(changes, Optional.empty(), true)));
        assertThat(service.visible(ADA)).hasSize(9);
    }

    /** Protocol 4.10.2. */
    @Test
    void anUploadThatWouldOverfillTheBookIsRefused() {
        service.answer(phone.changes(puts(0, 150)));
        OpenUpload open = phone.open(TaskKind.CHANGES, 1, 51);
        created(open);
        acknowledged(phone.chunk(open, 1, puts(150, 201)));

        refused(service.answer(phone.commit(open)), ProblemType.BOOK_FULL);
        assertThat(service.visible(ADA)).hasSize(150);
    }

    /** Protocol 4.13.1, 8.5. */
    @Test
    void aCancelledUploadLeavesTheBookAsItWas() {
        service.answer(phone.changes(put(1, "Ada")));
        CheckCode before = service.code(ADA);
        OpenUpload open = phone.open(TaskKind.REPLACE, 2, 2);
        created(open);
        acknowledged(phone.chunk(open, 1, put(2, "Bob")));

        assertThat(service.answer(phone.cancel(open))).isEqualTo(new Outcome.Gone());
        assertThat(service.answer(phone.cancel(open))).isEqualTo(new Outcome.Gone());

        assertThat(service.code(ADA)).isEqualTo(before);
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada")));
        assertThat(service.book(ADA).hold()).isEmpty();
        refused(service.answer(phone.chunk(open, 2, put(3, "Cy"))), Problem.TaskFinished.class);
        refused(service.answer(phone.commit(open)), Problem.TaskFinished.class);
        removeGarbage();
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada")));
    }

    /** Protocol 8.7: each chunk renews the lease; without one the upload expires. */
    @Test
    void anUploadExpiresWhenNoChunkComesForTheLengthOfItsLease() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 3, 3);
        created(open);
        acknowledged(phone.chunk(open, 1, put(1, "a")));
        service.clock.pass(TestService.LIMITS.uploadLease().minusMillis(1));
        acknowledged(phone.chunk(open, 2, put(2, "b")));
        service.clock.pass(TestService.LIMITS.uploadLease());

        refused(service.answer(phone.chunk(open, 3, put(3, "c"))), ProblemType.TASK_EXPIRED);
        refused(service.answer(phone.commit(open)), ProblemType.TASK_EXPIRED);

        assertThat(service.answer(phone.cancel(open))).isEqualTo(new Outcome.Gone());
        assertThat(service.task(open.task()).orElseThrow().state()).isEqualTo(TaskState.EXPIRED);
        assertThat(service.book(ADA).hold()).isEmpty();
        assertThat(service.visible(ADA)).isEmpty();
    }

    @Test
    void anUploadThatNobodyContinuedIsEndedByTheSweeper() {
        OpenUpload held = phone.open(TaskKind.INITIAL, 2, 2);
        OpenUpload never = tablet.open(TaskKind.INITIAL, 2, 2);
        created(held);
        created(never);
        acknowledged(phone.chunk(held, 1, put(1, "a")));
        service.clock.pass(TestService.LIMITS.uploadLease());

        service.sweep();

        assertThat(service.task(held.task()).orElseThrow().state()).isEqualTo(TaskState.EXPIRED);
        assertThat(service.task(never.task()).orElseThrow().state()).isEqualTo(TaskState.EXPIRED);
        assertThat(service.sweep()).isEmpty();
    }

    /** Protocol 8.6. */
    @Test
    void theFirstChunkOfASecondUploadWaits() {
        OpenUpload first = phone.open(TaskKind.INITIAL, 1, 1);
        OpenUpload second = tablet.open(TaskKind.INITIAL, 1, 1);
        created(first);
        created(second);
        acknowledged(phone.chunk(first, 1, put(1, "a")));

        Outcome waiting = service.answer(tablet.chunk(second, 1, put(2, "b")));

        assertThat(refused(waiting, Problem.TaskWaiting.class).position()).isEqualTo(1);
        assertThat(refused(waiting, Problem.class).retryAfter()).isPresent();
        service.answer(phone.cancel(first));
        acknowledged(tablet.chunk(second, 1, put(2, "b")));
        done(service.answer(tablet.commit(second)));
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(2));
    }

    /** Protocol 8.10. */
    @Test
    void aBookThatMovedOnBeforeTheFirstChunkEndsTheUpload() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 1, 1);
        created(open);
        service.answer(tablet.changes(put(1, "Ada")));

        Problem.CheckCodeMismatch problem =
                refused(service.answer(phone.chunk(open, 1, put(2, "Bob"))), Problem.CheckCodeMismatch.class);

        assertThat(problem.serverCheckCode()).isEqualTo(recomputed());
        assertThat(service.task(open.task()).orElseThrow().state()).isEqualTo(TaskState.FAILED);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        refused(service.answer(phone.chunk(open, 1, put(2, "Bob"))), Problem.TaskFinished.class);
        removeGarbage();
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
    }

    /** Protocol 6.1 maxBookBytes: said at the chunk that is too much, which stages nothing. */
    @Test
    void aChunkThatMakesTheBookTooLargeIsRefused() {
        service.answer(phone.changes(cards(0, 12)));
        for (TaskKind kind : List.of(TaskKind.REPLACE, TaskKind.CHANGES)) {
            OpenUpload open = phone.open(kind, 3, 20);
            service.answer(open);
            service.answer(phone.chunk(open, 1, cards(100, 4)));
            boolean replaces = kind == TaskKind.REPLACE;

            refused(service.answer(phone.chunk(open, 2, cards(200, 15))), ProblemType.BOOK_FULL);

            if (!replaces) {
                refused(service.answer(phone.chunk(open, 2, cards(200, 1))), ProblemType.BOOK_FULL);
            }
            assertThat(service.task(open.task())
                            .orElseThrow()
                            .upload()
                            .orElseThrow()
                            .received())
                    .isEqualTo(4);
            service.answer(phone.cancel(open));
            removeAll();
        }
        assertThat(service.book(ADA).cardBytes()).hasValue(3_000_000);
    }

    /** Protocol 6.3 staged-bytes: who stages and cancels faster than it is removed has to wait, nobody else. */
    @Test
    void whatIsStagedAndNotRemovedYetIsBounded() {
        for (int i = 0; i < 2; i++) {
            OpenUpload cancelled = phone.open(TaskKind.INITIAL, 2, 17);
            service.answer(cancelled);
            service.answer(phone.chunk(cancelled, 1, cards(0, 16)));
            service.answer(phone.cancel(cancelled));
        }
        OpenUpload open = phone.open(TaskKind.INITIAL, 1, 16);
        service.answer(open);

        Outcome refusal = service.answer(phone.chunk(open, 1, cards(0, 16)));

        assertThat(refused(refusal, Problem.QuotaExceeded.class).quota()).isEqualTo(Quota.STAGED_BYTES);
        assertThat(refused(refusal, Problem.class).retryAfter()).isPresent();
        TestDevice other = service.deviceOf(Examples.BOB, "phone");
        OpenUpload bobs = other.open(TaskKind.INITIAL, 1, 16);
        service.answer(bobs);
        assertThat(service.answer(other.chunk(bobs, 1, cards(0, 16)))).isInstanceOf(Outcome.Acknowledged.class);
        removeAll();
        assertThat(service.answer(phone.chunk(open, 1, cards(0, 16)))).isInstanceOf(Outcome.Acknowledged.class);
        done(service.answer(phone.commit(open)));
        assertThat(service.book(ADA).cardBytes()).hasValue(4_000_000);
    }

    /** Whatever brings them, the bytes of the book are those of its cards. */
    @Test
    void theBytesOfTheBookAreCountedAlong() {
        service.answer(phone.changes(put(1, "one"), put(2, "two")));
        OpenUpload changes = phone.open(TaskKind.CHANGES, 2, 3);
        service.answer(changes);
        service.answer(phone.chunk(changes, 1, put(1, "one that is longer"), delete(2)));
        service.answer(phone.chunk(changes, 2, put(3, "three")));
        done(service.answer(phone.commit(changes)));
        assertThat(service.book(ADA).cardBytes())
                .hasValue(card("one that is longer").length() + card("three").length());

        OpenUpload replace = phone.open(TaskKind.REPLACE, 1, 1);
        service.answer(replace);
        service.answer(phone.chunk(replace, 1, put(9, "nine")));
        done(service.answer(phone.commit(replace)));
        assertThat(service.book(ADA).cardBytes()).hasValue(card("nine").length());
    }

    private void removeAll() {
        while (service.store.inTransaction(() -> service.store.housekeeping().removeGarbage(1_000)) > 0) {
            // in small steps, as the service does
        }
    }

    private static Change[] cards(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(n -> new Change.Put(uid(n), Examples.cardOf(250_000), Optional.empty()))
                .toArray(Change[]::new);
    }

    /** Protocol 4.8.2, 7.2: a refusal too is given again, with the book as it is by then. */
    @Test
    void anOpenThatWasRefusedIsRefusedAgainWithTheSameKey() {
        CheckCode empty = service.code(ADA);
        service.answer(tablet.changes(put(1, "Ada")));
        OpenUpload open = phone.open(new UploadPlan(TaskKind.REPLACE, empty, 1, 1, Optional.empty(), false));
        refused(service.answer(open), Problem.CheckCodeMismatch.class);
        service.answer(tablet.changes(delete(1)));
        OpenUpload other = phone.open(TaskKind.INITIAL, 1, 1);

        assertThat(refused(service.answer(phone.again(open)), Problem.CheckCodeMismatch.class)
                        .serverCheckCode())
                .isEqualTo(service.code(ADA));
        refused(
                service.answer(new OpenUpload(phone.again(open).head(), other.digest(), other.plan())),
                ProblemType.IDEMPOTENCY_KEY_REUSED);
        assertThat(service.task(open.task()).orElseThrow().state()).isEqualTo(TaskState.FAILED);
        assertThat(service.readings.task(ADA, open.task()).orElseThrow().upload())
                .isEmpty();
        refused(service.answer(phone.chunk(open, 1, put(2, "b"))), ProblemType.NOT_FOUND);
    }

    /** Protocol 7.2. */
    @Test
    void theSameOpenAgainOpensNoSecondUpload() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 1, 1);
        TaskView first = created(open);

        assertThat(service.answer(phone.again(open))).isEqualTo(new Outcome.Opened(first));
        assertThat(service.readings.tasks(ADA)).hasSize(1);
    }

    /** Protocol 4.8.2. */
    @Test
    void onlySoManyUploadsAreOpenAtOnce() {
        for (int i = 0; i < 4; i++) {
            created(phone.open(TaskKind.INITIAL, 1, 1));
        }

        refused(service.answer(phone.open(TaskKind.INITIAL, 1, 1)), Problem.QueueFull.class);
    }

    /** Protocol 3.12. */
    @Test
    void anotherUsersUploadIsNotFound() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 1, 1);
        created(open);
        TestDevice bobs = service.deviceOf(BOB, "phone");

        refused(service.answer(bobs.chunk(open, 1, put(1, "x"))), ProblemType.NOT_FOUND);
        refused(service.answer(bobs.commit(open)), ProblemType.NOT_FOUND);
        refused(service.answer(bobs.cancel(open)), ProblemType.NOT_FOUND);
        assertThat(service.readings.task(BOB, open.task())).isEmpty();
        assertThat(service.task(open.task()).orElseThrow().state()).isEqualTo(TaskState.RECEIVING);
    }

    @Test
    void whatAReplaceLeavesBehindIsRemovedWithItsHistoryAndTheBookIsNot() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob")));
        BookState before = service.book(ADA);
        replaceWith(put(2, "Bob"), put(3, "Cy"));
        Map<Uid, CanonicalCard> book = new TreeMap<>(service.visible(ADA));

        HistoryRetention.Bounds nothing =
                new HistoryRetention.Bounds(service.now().plusSeconds(1), 100, 1_000_000);
        service.store.inTransaction(() -> service.store.historyRetention().shorten(before.id(), 100, nothing));
        removeGarbage();

        assertThat(service.store
                        .pages()
                        .contacts(
                                before.id(),
                                before.generation(),
                                Optional.empty(),
                                new RowPage.Bounds(10, Long.MAX_VALUE))
                        .rows())
                .isEmpty();
        assertThat(service.visible(ADA)).isEqualTo(book);
        assertThat(service.code(ADA)).isEqualTo(recomputed());
    }

    private void replaceWith(Change... contacts) {
        OpenUpload open = phone.open(TaskKind.REPLACE, 1, contacts.length);
        created(open);
        acknowledged(phone.chunk(open, 1, contacts));
        done(service.answer(phone.commit(open)));
    }

    private void removeGarbage() {
        while (service.store.inTransaction(() -> service.store.housekeeping().removeGarbage(1)) > 0) {}
    }

    private TaskView created(OpenUpload open) {
        Outcome outcome = service.answer(open);
        assertThat(outcome).isInstanceOf(Outcome.Opened.class);
        TaskView task = ((Outcome.Opened) outcome).task();
        assertThat(task.id()).isEqualTo(open.task());
        return task;
    }

    private ChunkAck acknowledged(PutChunk chunk) {
        Outcome outcome = service.answer(chunk);
        assertThat(outcome).isInstanceOf(Outcome.Acknowledged.class);
        ChunkAck acknowledgement = ((Outcome.Acknowledged) outcome).chunk();
        assertThat(acknowledgement.chunk()).isEqualTo(chunk.number());
        return acknowledgement;
    }

    private CheckCode recomputed() {
        return code(service.visible(ADA));
    }

    private CheckCode code(Map<Uid, CanonicalCard> contacts) {
        return PlainCheckCodes.of(service.book(ADA).key(), contacts);
    }

    private static Change[] puts(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> put(n, "n" + n)).toArray(Change[]::new);
    }
}
