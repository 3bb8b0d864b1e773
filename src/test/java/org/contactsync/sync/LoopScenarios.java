package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.TestService.done;
import static org.contactsync.sync.TestService.refused;

import java.time.Duration;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.problem.Problem.SyncLoop;
import org.contactsync.protocol.problem.Problem.SyncLoop.Looping;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.junit.jupiter.api.Test;

/** Protocol 4.3.11: two devices that change contacts back and forth, over whatever store; and those that only seem to. */
public abstract class LoopScenarios {
    private static final Looping WITH_TABLET = new Looping(uid(1), new DeviceId("tablet"));

    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");

    protected abstract TestStore newStore();

    /** Protocol 4.3.11. */
    @Test
    void theFifthTurnIsRefusedAndNamesTheContactAndTheOtherDevice() {
        takeTurns(put(1, "Ada"), put(1, "Ada King"));
        CheckCode before = service.code(ADA);

        ApplyChanges fifth = phone.changes(put(1, "Ada"), put(2, "Bob"));
        SyncLoop loop = refused(service.answer(fifth), SyncLoop.class);

        assertThat(loop.looping()).containsExactly(WITH_TABLET);
        assertThat(loop.total()).isEqualTo(1);
        assertThat(service.code(ADA)).isEqualTo(before);
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1));
        refused(service.answer(phone.again(fifth)), ProblemType.SYNC_LOOP);
        refused(service.answer(phone.changes(put(1, "Ada"))), ProblemType.SYNC_LOOP);
        refused(service.answer(phone.rebasing(before, put(1, "Ada"))), ProblemType.SYNC_LOOP);
        done(service.answer(phone.changes(put(1, "something else"))));
    }

    /** Protocol 4.3.11: a contact that is deleted and comes back. */
    @Test
    void deletionsTakeTurnsToo() {
        takeTurns(put(1, "Ada"), delete(1));

        assertThat(refused(service.answer(phone.changes(put(1, "Ada"))), SyncLoop.class)
                        .looping())
                .containsExactly(WITH_TABLET);
    }

    /** Protocol 4.3.11: whoever asks its user sends it as the user's. */
    @Test
    void aPersonDecidesAndTheCountBeginsAnew() {
        takeTurns(put(1, "Ada"), put(1, "Ada King"));

        done(service.answer(phone.byUser(phone.changes(put(1, "Ada")))));

        for (int turn = 0; turn < 2; turn++) {
            done(service.answer(tablet.changes(put(1, "Ada King"))));
            done(service.answer(phone.changes(put(1, "Ada"))));
        }
        refused(service.answer(tablet.changes(put(1, "Ada King"))), ProblemType.SYNC_LOOP);
    }

    /** Protocol 4.3.11. */
    @Test
    void onlyTheLoopingContactsOfATaskAreNamedAndTheFirstTwentyAreListed() {
        Change[] one = IntStream.range(0, 30).mapToObj(n -> put(n, "one")).toArray(Change[]::new);
        Change[] other = IntStream.range(0, 30).mapToObj(n -> put(n, "other")).toArray(Change[]::new);
        done(service.answer(phone.changes(one)));
        for (int turn = 0; turn < 2; turn++) {
            done(service.answer(tablet.changes(other)));
            done(service.answer(phone.changes(one)));
        }
        done(service.answer(tablet.changes(other)));
        done(service.answer(phone.changes(put(7, "new"))));

        SyncLoop loop = refused(service.answer(phone.changes(one)), SyncLoop.class);

        assertThat(loop.total()).isEqualTo(29);
        assertThat(loop.looping()).hasSize(20).doesNotHaveDuplicates();
        assertThat(loop.looping()).allMatch(each -> each.device().value().equals("tablet"));
    }

    @Test
    void oneDeviceMayToggleAsOftenAsItLikes() {
        done(service.answer(tablet.changes(put(1, "Ada"))));
        for (int i = 0; i < 20; i++) {
            done(service.answer(phone.changes(put(1, "Ada King"))));
            done(service.answer(phone.changes(put(1, "Ada"))));
        }
    }

    @Test
    void whatIsNewEachTimeIsNoLoop() {
        for (int i = 0; i < 20; i++) {
            done(service.answer(phone.changes(put(1, "phone " + i))));
            done(service.answer(tablet.changes(put(1, "tablet " + i))));
        }
    }

    @Test
    void aThirdDeviceOrAnotherContentBreaksTheLoop() {
        TestDevice watch = service.device("watch");
        for (int i = 0; i < 3; i++) {
            done(service.answer(phone.changes(put(1, "Ada"))));
            done(service.answer(tablet.changes(put(1, "Ada King"))));
            done(service.answer(phone.changes(put(1, "Ada"))));
            done(service.answer(tablet.changes(put(1, "Ada King"))));
            done(service.answer(watch.changes(put(1, "Ada"))));
        }
        for (int i = 0; i < 3; i++) {
            done(service.answer(phone.changes(put(1, "A"))));
            done(service.answer(tablet.changes(put(1, "B"))));
            done(service.answer(phone.changes(put(1, "A"))));
            done(service.answer(tablet.changes(put(1, "C"))));
        }
    }

    /** Protocol 7.2: it is answered again, and counts once. */
    @Test
    void repeatedRequestsAreNoTurns() {
        for (int turn = 0; turn < 2; turn++) {
            ApplyChanges one = phone.changes(put(1, "Ada"));
            done(service.answer(one));
            ApplyChanges other = tablet.changes(put(1, "Ada King"));
            done(service.answer(other));
            for (int i = 0; i < 5; i++) {
                done(service.answer(phone.again(one)));
                done(service.answer(tablet.again(other)));
            }
        }
        assertThat(service.book(ADA).seq()).isEqualTo(4);
    }

    @Test
    void turnsThatAreFarApartAreNoLoop() {
        for (int i = 0; i < 10; i++) {
            done(service.answer(phone.changes(put(1, "Ada"))));
            service.pass(Duration.ofMinutes(16));
            done(service.answer(tablet.changes(put(1, "Ada King"))));
            service.pass(Duration.ofMinutes(16));
        }
    }

    /** Later the book may be brought back once more. */
    @Test
    void afterAnHourTheCountBeginsAnew() {
        takeTurns(put(1, "Ada"), put(1, "Ada King"));
        refused(service.answer(phone.changes(put(1, "Ada"))), ProblemType.SYNC_LOOP);

        service.pass(Duration.ofMinutes(61));

        done(service.answer(phone.changes(put(1, "Ada"))));
        assertThat(service.visible(ADA)).containsEntry(uid(1), card("Ada"));
    }

    /** The tablet changes what the phone wrote, and four turns follow, the last one the tablet's. */
    private void takeTurns(Change one, Change other) {
        done(service.answer(phone.changes(one)));
        for (int turn = 0; turn < 2; turn++) {
            done(service.answer(tablet.changes(other)));
            done(service.answer(phone.changes(one)));
        }
        done(service.answer(tablet.changes(other)));
    }
}
