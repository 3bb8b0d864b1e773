package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.SOME_CODE;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.TestService.done;
import static org.contactsync.sync.TestService.refused;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.problem.Problem.CheckCodeMismatch;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.contactsync.sync.step.Group;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.step.Step.OpenUpload;
import org.contactsync.sync.task.Replies;
import org.contactsync.sync.task.Replies.Reply;
import org.junit.jupiter.api.Test;

/** Steps of different users that run in one transaction, over whatever store: each is what it would have been alone. */
public abstract class GroupScenarios {
    private static final Owner CY = Examples.owner("cy");
    private static final int ROUNDS = 20;

    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice ofBob = service.deviceOf(BOB, "tablet");
    private final TestDevice ofCy = service.deviceOf(CY, "watch");

    protected abstract TestStore newStore();

    /** What the store has in its rows, if it has any. */
    protected StoredRows rows() {
        return StoredRows.HIDDEN;
    }

    /** Pairs of users that are compared in {@link GroupTwins}. */
    protected int twins() {
        return 4;
    }

    /** Whether the store writes updates only that change contacts which have a row or get one; the steps of others run alone. */
    protected boolean writesOnlyUsual() {
        return false;
    }

    /** A user of a kind, twice. */
    private record Case(
            boolean expected,
            boolean usual,
            TestDevice together,
            TestDevice alone,
            Function<TestDevice, ApplyChanges> step) {}

    /** Protocol 4.3.2, 4.3.5, 4.3.9. */
    @Test
    void eachStepIsAnsweredAndStoredAsAlone() {
        Map<TestDevice, CheckCode> first = new HashMap<>();
        Map<String, Function<TestDevice, ApplyChanges>> kinds = new LinkedHashMap<>();
        kinds.put("adds", device -> device.changes(put(7, "Gil")));
        kinds.put("changes", device -> device.changes(put(1, "Ada King")));
        kinds.put("deletes", device -> device.changes(delete(2)));
        kinds.put("brings back", device -> device.changes(put(3, "Cy")));
        kinds.put("several", device -> device.changes(put(1, "Ada King"), delete(2), put(3, "Cy"), put(7, "Gil")));
        kinds.put("none there", device -> device.changes(delete(8)));
        kinds.put("one of two there", device -> device.changes(delete(8), delete(1)));
        kinds.put("same content", device -> device.changes(put(1, "Ada")));
        kinds.put("refused", device -> device.changesFrom(codeOf(first, device), put(7, "Gil")));
        kinds.put("rebased", device -> device.rebasing(codeOf(first, device), put(7, "Gil")));
        kinds.put("in conflict", device -> device.changes(put(3, "Cy"), expectingNone(1, "Ada King")));
        Set<String> unusual = Set.of("none there", "same content");
        Set<String> leftOut = Set.of("refused", "rebased", "in conflict");
        List<Case> cases = new ArrayList<>();
        kinds.forEach((name, step) -> cases.add(new Case(
                !leftOut.contains(name),
                !unusual.contains(name),
                device(name, "together"),
                device(name, "alone"),
                step)));
        List<TestDevice> all = cases.stream()
                .flatMap(each -> Stream.of(each.together(), each.alone()))
                .toList();
        rows().shareKey(all.stream().map(this::bookOf).toList());
        all.forEach(device -> {
            first.put(device, service.code(device.owner()));
            done(service.answer(device.changes(put(1, "Ada"), put(2, "Bob"), put(3, "Cy old"))));
            done(service.answer(device.changes(delete(3))));
        });

        List<ApplyChanges> steps =
                cases.stream().map(each -> each.step().apply(each.together())).toList();
        List<ApplyChanges> alone =
                cases.stream().map(each -> each.step().apply(each.alone())).toList();
        service.events.clear();
        List<Optional<Replies>> ran = service.runGroup(steps);
        List<Reply> replies = service.finishGroup(steps, ran);
        List<BookEvent> events = List.copyOf(service.events);
        service.events.clear();
        List<Outcome> answersAlone = alone.stream().map(service::answer).toList();

        TwinView view = new TwinView(service, 10);
        for (int i = 0; i < cases.size(); i++) {
            Owner owner = cases.get(i).together().owner();
            Owner twin = cases.get(i).alone().owner();
            assertThat(ran.get(i).isPresent())
                    .as(owner.subject())
                    .isEqualTo(cases.get(i).expected() && (cases.get(i).usual() || !writesOnlyUsual()));
            Reply reply = replies.get(i);
            assertThat(reply.to()).isEqualTo(steps.get(i).head().replyTo());
            assertThat(TwinView.outcome(reply.outcome()))
                    .as(owner.subject())
                    .isEqualTo(TwinView.outcome(answersAlone.get(i)));
            assertThat(view.state(owner)).as(owner.subject()).isEqualTo(view.state(twin));
            assertThat(rows().of(service.book(owner).id()))
                    .as(owner.subject())
                    .isEqualTo(rows().of(service.book(twin).id()));
            assertThat(kinds(events, owner)).as(owner.subject()).isEqualTo(kinds(service.events, twin));
            assertThat(TwinView.outcome(service.answer(cases.get(i).together().again(steps.get(i)))))
                    .as(owner.subject())
                    .isEqualTo(
                            TwinView.outcome(service.answer(cases.get(i).alone().again(alone.get(i)))));
            assertThat(view.state(owner)).as(owner.subject()).isEqualTo(view.state(twin));
        }
    }

    /** Protocol 1.3: whatever they are, with conflicts, refusals, deletions, lost cards and repeated requests. */
    @Test
    void stepsTogetherAreWhatTheyAreOneByOne() {
        for (int seed = 1; seed <= twins(); seed++) {
            new GroupTwins(service, rows(), writesOnlyUsual(), seed).run(ROUNDS);
        }
    }

    /** Protocol 4.3.5: it is told why, and the others are done. */
    @Test
    void aStepThatIsRefusedLeavesTheOthersAlone() {
        CheckCode old = service.code(BOB);
        done(service.answer(ofBob.changes(put(1, "Bob"))));
        List<ApplyChanges> steps = List.of(
                phone.changes(put(1, "Ada")), ofBob.changesFrom(old, put(2, "Bea")), ofCy.changes(put(1, "Cy")));

        List<Optional<Replies>> ran = service.runGroup(steps);
        assertThat(ran).extracting(Optional::isPresent).containsExactly(true, false, true);
        List<Reply> replies = service.finishGroup(steps, ran);
        assertThat(done(replies.get(0).outcome()).seq()).isEqualTo(1);
        refused(replies.get(1).outcome(), CheckCodeMismatch.class);
        assertThat(done(replies.get(2).outcome()).seq()).isEqualTo(1);
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada")));
        assertThat(service.visible(BOB)).isEqualTo(Map.of(uid(1), card("Bob")));
        assertThat(service.visible(CY)).isEqualTo(Map.of(uid(1), card("Cy")));
    }

    /** Protocol 5.6: to say what the contact is, or was, takes readings, for which its neighbours would wait. */
    @Test
    void aStepInConflictRunsAlone() {
        done(service.answer(phone.changes(put(1, "Ada"))));
        List<ApplyChanges> steps = List.of(phone.changes(expectingNone(1, "Ada King")), ofBob.changes(put(1, "Bob")));

        assertOnlyTheSecondRan(steps);
        refused(service.answer(steps.get(0)), ContactConflict.class);
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada")));
    }

    /** An earlier version has written the book. If its cards could be too large, they are counted: another reading. */
    @Test
    void aStepThatHasToCountTheCardsOfItsBookRunsAlone() {
        for (TestDevice device : List.of(phone, ofBob)) {
            int contacts = device.equals(phone) ? 17 : 3;
            done(service.answer(device.changes(
                    IntStream.range(0, contacts).mapToObj(n -> put(n, "Ada")).toArray(Change[]::new))));
            service.store.forgetCardBytes(bookOf(device));
        }
        ApplyChanges step = phone.changes(put(20, "Ada"));

        assertThat(service.runGroup(List.of(step, ofBob.changes(put(20, "Bob")))))
                .extracting(Optional::isPresent)
                .containsExactly(false, true);
        assertThat(service.book(BOB).cardBytes()).isEmpty();
        assertThat(service.runGroup(List.of(phone.changes(delete(1)), ofCy.changes(put(1, "Cy")))))
                .extracting(Optional::isPresent)
                .containsExactly(true, true);
        done(service.answer(phone.changes(put(20, "Ada"))));
        assertThat(service.book(ADA).cardBytes()).isPresent();
        assertThat(service.runGroup(List.of(phone.changes(put(21, "Ada")), ofCy.changes(put(2, "Cy")))))
                .extracting(Optional::isPresent)
                .containsExactly(true, true);
    }

    /** Protocol 7.2: it runs alone, and is told what was stored. */
    @Test
    void aStepThatIsKnownHasNothingDoneInTheGroup() {
        ApplyChanges known = phone.changes(put(1, "Ada"));
        done(service.answer(known));
        done(service.answer(phone.changes(put(2, "Bob"))));
        List<ApplyChanges> steps = List.of(phone.again(known), ofBob.changes(put(1, "Bob")));

        assertOnlyTheSecondRan(steps);
        assertThat(done(service.answer(phone.again(known))).seq()).isEqualTo(1);
        assertThat(service.book(ADA).seq()).isEqualTo(2);
    }

    /** Protocol 8.6. */
    @Test
    void aStepWhoseBookIsHeldByAnUploadIsAcceptedAlone() {
        OpenUpload upload = phone.open(TaskKind.REPLACE, 1, 1);
        service.answer(upload);
        service.answer(phone.chunk(upload, 1, put(9, "x")));
        List<ApplyChanges> steps =
                List.of(phone.rebasing(service.code(ADA), put(1, "Ada")), ofBob.changes(put(1, "Bob")));

        assertOnlyTheSecondRan(steps);
        assertThat(service.visible(ADA)).isEmpty();
        assertThat(service.answer(steps.get(0))).isInstanceOf(Outcome.Accepted.class);
        service.answer(phone.commit(upload));
        assertThat(service.visible(ADA)).containsOnlyKeys(uid(1), uid(9));
    }

    /** Protocol 1.3. */
    @Test
    void aStepBehindAnAcceptedTaskRunsAfterIt() {
        CheckCode first = service.code(ADA);
        ApplyChanges accepted = phone.rebasing(first, put(1, "Ada"));
        assertThat(service.park(accepted)).isInstanceOf(Outcome.Accepted.class);
        List<ApplyChanges> steps = List.of(phone.rebasing(first, put(1, "Ada King")), ofBob.changes(put(1, "Bob")));

        assertOnlyTheSecondRan(steps);
        assertThat(service.deliver(steps.get(0)))
                .extracting(Reply::to)
                .containsExactly(accepted.head().replyTo(), steps.get(0).head().replyTo());
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada King")));
    }

    @Test
    void aStepWhoseOwnerHasNoBookRunsAloneAndMakesIt() {
        ApplyChanges step = phone.changesFrom(SOME_CODE, put(1, "Ada"));
        List<ApplyChanges> steps = List.of(step, ofBob.changes(put(1, "Bob")));

        assertOnlyTheSecondRan(steps);
        assertThat(service.store.inTransaction(() -> service.store.books().read(ADA)))
                .isEmpty();
        refused(service.answer(step), CheckCodeMismatch.class);
        assertThat(service.store.inTransaction(() -> service.store.books().read(ADA)))
                .isPresent();
    }

    /** Protocol 4.3.11: what the guard of loops knows is stored with each turn, whoever shares its transaction. */
    @Test
    void turnsOfTwoDevicesAreCounted() {
        TestDevice tablet = service.device("tablet");
        done(service.answer(phone.changes(put(1, "Ada"))));
        for (int turn = 0; turn < 5; turn++) {
            boolean odd = turn % 2 == 0;
            ApplyChanges step = odd ? tablet.changes(put(1, "Ada King"), put(2, "Bob")) : phone.changes(put(1, "Ada"));
            assertThat(service.runGroup(List.of(ofBob.changes(put(turn, "Bob")), step)))
                    .allMatch(Optional::isPresent);
        }
        ApplyChanges next = phone.changes(put(1, "Ada"));
        List<Reply> replies = service.deliverGroup(List.of(next, ofCy.changes(put(1, "Cy"))));

        refused(replies.get(0).outcome(), ProblemType.SYNC_LOOP);
        done(replies.get(1).outcome());
        assertThat(service.visible(ADA)).isEqualTo(Map.of(uid(1), card("Ada King"), uid(2), card("Bob")));
    }

    @Test
    void aTransactionThatFailsLeavesNothingOfAnyStep() {
        List<ApplyChanges> steps = List.of(phone.changes(put(1, "Ada")), ofBob.changes(put(1, "Bob")));

        assertThatThrownBy(() -> service.runGroupAndFail(steps)).isInstanceOf(IllegalStateException.class);

        assertThat(service.visible(ADA)).isEmpty();
        assertThat(service.visible(BOB)).isEmpty();
        assertThat(service.deliverGroup(steps))
                .extracting(reply -> done(reply.outcome()).seq())
                .containsExactly(1L, 1L);
    }

    @Test
    void onlyTasksOfDifferentOwnersAreAGroup() {
        ApplyChanges step = phone.changes(put(1, "Ada"));
        ApplyChanges another = phone.changes(put(2, "Ada"));
        ApplyChanges foreign = ofBob.again(step);

        assertThatThrownBy(() -> new Group(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Group(List.of(step, another))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Group(List.of(step, foreign))).isInstanceOf(IllegalArgumentException.class);
        assertThat(Group.fits(List.of(step), another)).isFalse();
        assertThat(Group.fits(List.of(step), foreign)).isFalse();
        assertThat(Group.fits(List.of(step), ofBob.changes(put(1, "Bob")))).isTrue();
    }

    private void assertOnlyTheSecondRan(List<ApplyChanges> steps) {
        List<Optional<Replies>> ran = service.runGroup(steps);
        assertThat(ran).extracting(Optional::isPresent).containsExactly(false, true);
        assertThat(service.visible(steps.get(1).owner())).isNotEmpty();
        assertThat(service.book(steps.get(1).owner()).seq()).isEqualTo(1);
    }

    private TestDevice device(String kind, String name) {
        return service.deviceOf(Examples.owner(kind + " " + name), "phone");
    }

    private static Change expectingNone(int n, String name) {
        return new Change.Put(uid(n), card(name), Optional.of(Change.Expected.ABSENT));
    }

    private static CheckCode codeOf(Map<TestDevice, CheckCode> codes, TestDevice device) {
        return Optional.ofNullable(codes.get(device)).orElseThrow();
    }

    private long bookOf(TestDevice device) {
        return service.book(device.owner()).id();
    }

    /** Without what their owners and their keys make different. */
    private static List<Object> kinds(List<BookEvent> events, Owner owner) {
        return events.stream()
                .filter(event -> event.owner().equals(owner))
                .<Object>map(event -> event instanceof BookChanged changed
                        ? List.of(changed.seq(), changed.device())
                        : event.getClass())
                .toList();
    }
}
