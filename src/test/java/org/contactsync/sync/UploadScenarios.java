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
import static org.contactsync.sync.TestService.json;
import static org.contactsync.sync.TestService.refused;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Answer;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.UploadPlan;
import org.contactsync.sync.Step.CommitUpload;
import org.contactsync.sync.Step.OpenUpload;
import org.contactsync.sync.Step.PutChunk;
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
        JsonObject opened = json(created(open));
        assertThat(opened.getInt("nextChunk")).isEqualTo(1);
        assertThat(opened.getInt("position")).isZero();

        JsonObject first = acknowledged(phone.chunk(open, 1, put(1, "Ada"), put(2, "Bob")));
        JsonObject second = acknowledged(phone.chunk(open, 2, put(3, "Cy")));

        Map<Uid, CanonicalCard> book = Map.of(uid(1), card("Ada"), uid(2), card("Bob"), uid(3), card("Cy"));
        assertThat(first.getInt("nextChunk")).isEqualTo(2);
        assertThat(first.getInt("received")).isEqualTo(2);
        assertThat(first.getString("checkCode"))
                .isEqualTo(
                        code(Map.of(uid(1), card("Ada"), uid(2), card("Bob"))).value());
        assertThat(second.getString("checkCode")).isEqualTo(code(book).value());
        assertThat(service.visible(ADA)).isEmpty();
        assertThat(service.book(ADA).seq()).isZero();

        JsonObject result = done(service.answer(phone.commit(open)));

        assertThat(service.visible(ADA)).isEqualTo(book);
        assertThat(result.getString("checkCode")).isEqualTo(code(book).value());
        assertThat(result.getInt("seq")).isEqualTo(1);
        assertThat(result.getJsonObject("applied").getInt("put")).isEqualTo(3);
        assertThat(service.code(ADA)).isEqualTo(code(book));
    }

    /** Protocol 4.8.2. */
    @Test
    void anInitialUploadNeedsAnEmptyBook() {
        service.answer(phone.changes(put(1, "Ada")));

        refused(service.answer(phone.open(TaskKind.INITIAL, 1, 1)), 409, "book-not-empty");
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

        JsonObject result = done(service.answer(phone.commit(open)));

        assertThat(service.visible(ADA))
                .isEqualTo(Map.of(uid(1), card("Ada"), uid(2), card("Bob changed"), uid(4), card("Di")));
        assertThat(result.getJsonObject("applied").getInt("put")).isEqualTo(2);
        assertThat(result.getJsonObject("applied").getInt("deleted")).isEqualTo(1);
        assertThat(result.getInt("seq")).isEqualTo(2);
        assertThat(service.code(ADA)).isEqualTo(recomputed());
    }

    /** Protocol 4.6.3: after a full upload the feed starts anew. */
    @Test
    void whatAReplaceDeletedIsNotToldAsIfNothingWereMissed() {
        service.answer(phone.changes(put(1, "Ada")));
        CheckCode old = service.code(ADA);
        replaceWith(put(2, "Bob"));

        JsonObject problem = refused(service.answer(tablet.changesFrom(old, put(3, "x"))), 412, "check-code-mismatch");

        assertThat(problem.getJsonObject("missed").getBoolean("complete")).isFalse();
        assertThat(problem.getJsonObject("missed").containsKey("changes")).isFalse();
    }

    /** Protocol 8.9. */
    @Test
    void changesInChunksAreAppliedAtTheCommit() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob"), put(3, "Cy")));
        OpenUpload open = phone.open(TaskKind.CHANGES, 2, 4);
        created(open);
        acknowledged(phone.chunk(open, 1, put(1, "Ada King"), delete(2)));
        JsonObject second = acknowledged(phone.chunk(open, 2, put(4, "Di"), put(3, "Cy")));
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1), uid(2), uid(3));

        JsonObject result = done(service.answer(phone.commit(open)));

        assertThat(service.visible(ADA))
                .isEqualTo(Map.of(uid(1), card("Ada King"), uid(3), card("Cy"), uid(4), card("Di")));
        assertThat(result.getJsonObject("applied").getInt("put")).isEqualTo(2);
        assertThat(result.getJsonObject("applied").getInt("deleted")).isEqualTo(1);
        assertThat(second.getString("checkCode")).isEqualTo(recomputed().value());
        assertThat(result.getInt("seq")).isEqualTo(2);
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

        refused(service.answer(phone.chunk(open, 1, wrong, put(2, "Bob"))), 409, "contact-conflict");
        acknowledged(phone.chunk(open, 1, put(1, "Ada King"), put(2, "Bob")));
        done(service.answer(phone.commit(open)));

        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada King"), uid(2), card("Bob")));
    }

    /** Protocol 8.2. */
    @Test
    void aChunkThatIsNotTheNextOneIsRefused() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 3, 3);
        created(open);

        assertThat(refused(service.answer(phone.chunk(open, 2, put(2, "b"))), 409, "chunk-out-of-order")
                        .getInt("expected"))
                .isEqualTo(1);
        acknowledged(phone.chunk(open, 1, put(1, "a")));
        assertThat(refused(service.answer(phone.chunk(open, 3, put(3, "c"))), 409, "chunk-out-of-order")
                        .getInt("expected"))
                .isEqualTo(2);
        assertThat(refused(service.answer(phone.chunk(open, 4, put(4, "d"))), 409, "chunk-out-of-order")
                        .getInt("expected"))
                .isEqualTo(2);
    }

    /** Protocol 8.8. */
    @Test
    void theSameChunkAgainGetsTheSameAcknowledgementAndAnotherOneIsAConflict() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 2, 2);
        created(open);
        PutChunk first = phone.chunk(open, 1, put(1, "Ada"));
        Answer acknowledgement = service.answer(first);
        acknowledged(phone.chunk(open, 2, put(2, "Bob")));

        assertThat(service.answer(phone.chunk(open, 1, put(1, "Ada")))).isEqualTo(acknowledgement);
        assertThat(service.answer(first)).isEqualTo(acknowledgement);
        JsonObject conflict = refused(service.answer(phone.chunk(open, 1, put(1, "Eve"))), 409, "chunk-conflict");

        assertThat(conflict.getInt("chunk")).isEqualTo(1);
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

            JsonObject problem = refused(
                    service.answer(phone.chunk(open, 2, put(2, "Bob"), put(1, "Eve"))), 422, "invalid-contacts");

            JsonObject item = problem.getJsonArray("items").getJsonObject(0);
            assertThat(item.getString("code")).isEqualTo("duplicate-uid");
            assertThat(item.getInt("index")).isEqualTo(1);
            acknowledged(phone.chunk(open, 2, put(2, "Bob"), put(3, "Cy")));
            service.answer(phone.cancel(open));
        }
    }

    /** Protocol 8.3.1. */
    @Test
    void theNumberOfContactsMustComeToWhatWasAnnounced() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 2, 3);
        created(open);

        refused(
                service.answer(phone.chunk(open, 1, put(1, "a"), put(2, "b"), put(3, "c"), put(4, "d"))),
                400,
                "malformed-request");
        acknowledged(phone.chunk(open, 1, put(1, "a")));
        refused(service.answer(phone.chunk(open, 2, put(2, "b"))), 400, "malformed-request");
        acknowledged(phone.chunk(open, 2, put(2, "b"), put(3, "c")));
        done(service.answer(phone.commit(open)));
    }

    /** Protocol 4.10.2: the upload stays open. */
    @Test
    void aCommitBeforeAllChunksIsRefusedAndTheUploadGoesOn() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 2, 2);
        created(open);
        refused(service.answer(phone.commit(open)), 409, "chunks-missing");
        acknowledged(phone.chunk(open, 1, put(1, "Ada")));

        JsonObject missing = refused(service.answer(phone.commit(open)), 409, "chunks-missing");

        assertThat(missing.getInt("nextChunk")).isEqualTo(2);
        assertThat(missing.getInt("received")).isEqualTo(1);
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

        JsonObject problem = refused(service.answer(phone.commit(open)), 409, "result-code-mismatch");

        CheckCode right = new CheckCode(problem.getString("serverCheckCode"));
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
        Answer first = service.answer(commit);
        service.answer(tablet.changes(put(2, "Bob")));

        assertThat(service.answer(commit)).isEqualTo(first);
        assertThat(service.answer(phone.commit(open))).isEqualTo(first);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1), uid(2));
        assertThat(refused(service.answer(phone.chunk(open, 1, put(1, "Ada"))), 409, "task-finished")
                        .getString("state"))
                .isEqualTo("done");
        refused(service.answer(phone.cancel(open)), 409, "task-finished");
    }

    /** Protocol 4.8.1: a replace that empties a book needs to be confirmed. */
    @Test
    void anEmptyReplaceNeedsToBeConfirmed() {
        service.answer(phone.changes(put(1, "Ada")));
        OpenUpload open = phone.open(TaskKind.REPLACE, 0, 0);
        created(open);

        refused(service.answer(phone.commit(open)), 409, "mass-delete-suspected");
        assertThat(service.visible(ADA)).hasSize(1);
        JsonObject result = done(service.answer(phone.commit(open, Optional.empty(), true)));

        assertThat(result.getJsonObject("applied").getInt("deleted")).isEqualTo(1);
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
        assertThat(refused(service.answer(phone.commit(replace)), 409, "mass-delete-suspected")
                        .getInt("deletes"))
                .isEqualTo(11);
        service.answer(phone.cancel(replace));

        OpenUpload changes = phone.open(TaskKind.CHANGES, 1, 11);
        created(changes);
        acknowledged(phone.chunk(
                changes,
                1,
                IntStream.range(0, 11).mapToObj(n -> (Change) delete(n)).toList()));
        refused(service.answer(phone.commit(changes)), 409, "mass-delete-suspected");
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

        refused(service.answer(phone.commit(open)), 422, "book-full");
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

        assertThat(service.answer(phone.cancel(open)).status()).isEqualTo(204);
        assertThat(service.answer(phone.cancel(open)).status()).isEqualTo(204);

        assertThat(service.code(ADA)).isEqualTo(before);
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada")));
        assertThat(service.book(ADA).hold()).isEmpty();
        refused(service.answer(phone.chunk(open, 2, put(3, "Cy"))), 409, "task-finished");
        refused(service.answer(phone.commit(open)), 409, "task-finished");
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

        refused(service.answer(phone.chunk(open, 3, put(3, "c"))), 410, "task-expired");
        refused(service.answer(phone.commit(open)), 410, "task-expired");

        assertThat(service.answer(phone.cancel(open)).status()).isEqualTo(204);
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

        Answer waiting = service.answer(tablet.chunk(second, 1, put(2, "b")));

        assertThat(refused(waiting, 409, "task-waiting").getInt("position")).isEqualTo(1);
        assertThat(waiting.retryAfter()).isPresent();
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

        JsonObject problem = refused(service.answer(phone.chunk(open, 1, put(2, "Bob"))), 412, "check-code-mismatch");

        assertThat(problem.getString("serverCheckCode")).isEqualTo(recomputed().value());
        assertThat(service.task(open.task()).orElseThrow().state()).isEqualTo(TaskState.FAILED);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        refused(service.answer(phone.chunk(open, 1, put(2, "Bob"))), 409, "task-finished");
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

            refused(service.answer(phone.chunk(open, 2, cards(200, 15))), 422, "book-full");

            if (!replaces) {
                refused(service.answer(phone.chunk(open, 2, cards(200, 1))), 422, "book-full");
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

        Answer refusal = service.answer(phone.chunk(open, 1, cards(0, 16)));

        assertThat(refused(refusal, 429, "quota-exceeded").getString("quota")).isEqualTo("staged-bytes");
        assertThat(refusal.retryAfter()).isPresent();
        TestDevice other = service.deviceOf(Examples.BOB, "phone");
        OpenUpload bobs = other.open(TaskKind.INITIAL, 1, 16);
        service.answer(bobs);
        assertThat(service.answer(other.chunk(bobs, 1, cards(0, 16))).status()).isEqualTo(200);
        removeAll();
        assertThat(service.answer(phone.chunk(open, 1, cards(0, 16))).status()).isEqualTo(200);
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
        refused(service.answer(open), 412, "check-code-mismatch");
        service.answer(tablet.changes(delete(1)));
        OpenUpload other = phone.open(TaskKind.INITIAL, 1, 1);

        assertThat(refused(service.answer(phone.again(open)), 412, "check-code-mismatch")
                        .getString("serverCheckCode"))
                .isEqualTo(service.code(ADA).value());
        refused(
                service.answer(new OpenUpload(phone.again(open).head(), other.digest(), other.plan())),
                422,
                "idempotency-key-reused");
        assertThat(service.task(open.task()).orElseThrow().state()).isEqualTo(TaskState.FAILED);
        assertThat(service.readings.task(ADA, open.task()).orElseThrow().upload())
                .isEmpty();
        refused(service.answer(phone.chunk(open, 1, put(2, "b"))), 404, "not-found");
    }

    /** Protocol 7.2. */
    @Test
    void theSameOpenAgainOpensNoSecondUpload() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 1, 1);
        Answer first = created(open);

        assertThat(service.answer(phone.again(open))).isEqualTo(first);
        assertThat(service.readings.tasks(ADA)).hasSize(1);
    }

    /** Protocol 4.8.2. */
    @Test
    void onlySoManyUploadsAreOpenAtOnce() {
        for (int i = 0; i < 4; i++) {
            created(phone.open(TaskKind.INITIAL, 1, 1));
        }

        refused(service.answer(phone.open(TaskKind.INITIAL, 1, 1)), 409, "queue-full");
    }

    /** Protocol 3.12. */
    @Test
    void anotherUsersUploadIsNotFound() {
        OpenUpload open = phone.open(TaskKind.INITIAL, 1, 1);
        created(open);
        TestDevice bobs = service.deviceOf(BOB, "phone");

        refused(service.answer(bobs.chunk(open, 1, put(1, "x"))), 404, "not-found");
        refused(service.answer(bobs.commit(open)), 404, "not-found");
        refused(service.answer(bobs.cancel(open)), 404, "not-found");
        assertThat(service.readings.task(BOB, open.task())).isEmpty();
        assertThat(service.task(open.task()).orElseThrow().state()).isEqualTo(TaskState.RECEIVING);
    }

    @Test
    void whatAReplaceLeavesBehindIsRemovedAndTheBookIsNot() {
        service.answer(phone.changes(put(1, "Ada"), put(2, "Bob")));
        BookState before = service.book(ADA);
        replaceWith(put(2, "Bob"), put(3, "Cy"));
        Map<Uid, CanonicalCard> book = new TreeMap<>(service.visible(ADA));

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

    private Answer created(OpenUpload open) {
        Answer answer = service.answer(open);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.task()).contains(open.task());
        return answer;
    }

    private JsonObject acknowledged(PutChunk chunk) {
        Answer answer = service.answer(chunk);
        assertThat(answer.body()).contains("\"chunk\":" + chunk.number());
        assertThat(answer.status()).isEqualTo(200);
        return json(answer);
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
