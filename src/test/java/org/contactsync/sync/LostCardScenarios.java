package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.cardOf;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.SyncResult;
import org.contactsync.protocol.problem.Problem.CheckCodeMismatch;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.history.PastState;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.junit.jupiter.api.Test;

/** Protocol 4.3.12: a card that lost a conflict is kept among the versions of its contact. */
public abstract class LostCardScenarios {
    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final TestDevice tablet = service.device("tablet");
    private final BookHistory history = service.store.history();
    private final HistoryRetention retention = service.store.historyRetention();

    protected abstract TestStore newStore();

    @Test
    void aLostCardIsKeptWithTheWinner() {
        apply(phone, List.of(put(1, "base")));
        apply(tablet, List.of(put(1, "theirs")));
        Instant at = service.now();

        SyncResult result = apply(phone, List.of(put(1, "merged")), lost(1, "mine"));

        assertThat(result.keptLost()).isEqualTo(1);
        assertThat(result.put()).isEqualTo(1);
        assertThat(service.visible(ADA)).containsEntry(uid(1), card("merged"));
        List<PastVersion> versions = versions(1, 10);
        assertThat(versions)
                .extracting(version -> version.content().card())
                .containsExactly(card("theirs"), card("mine"), card("base"));
        PastVersion mine = versions.get(1);
        assertThat(mine.lost()).isTrue();
        assertThat(List.of(mine.from(), mine.until())).containsExactly(3L, 3L);
        assertThat(mine.device().orElseThrow().value()).isEqualTo("phone");
        assertThat(mine.endedAt()).isEqualTo(at);
        assertThat(versions).filteredOn(PastVersion::lost).hasSize(1);
    }

    /** The client takes the server's card: nothing changes but what is kept. */
    @Test
    void aLostCardComesAlone() {
        apply(phone, List.of(put(1, "theirs")));
        CheckCode code = service.code(ADA);
        service.events.clear();

        SyncResult result = apply(phone, List.of(), lost(1, "mine"), lost(7, "of a contact that never was"));

        assertThat(result.keptLost()).isEqualTo(2);
        assertThat(List.of(result.put(), result.deleted(), result.seq(), result.count()))
                .containsExactly(0L, 0L, 2L, 1L);
        assertThat(result.checkCode()).isEqualTo(code);
        assertThat(service.code(ADA)).isEqualTo(code);
        assertThat(service.events).hasSize(1).first().isInstanceOf(BookEvent.BookChanged.class);
        PastChange change = history.change(id(), 2).orElseThrow();
        assertThat(change.before()).isEqualTo(change.after());
        assertThat(versions(1, 10)).hasSize(1);
        assertThat(versions(7, 10)).hasSize(1);
        assertThat(history.deleted(
                                id(),
                                service.book(ADA).generation(),
                                Optional.empty(),
                                new RowPage.Bounds(10, 1_000_000))
                        .versions())
                .isEmpty();
        assertThat(history.lastVersion(id(), service.book(ADA).generation(), uid(7)))
                .isEmpty();
    }

    /** It may be handed over again and again. */
    @Test
    void whatIsKnownIsNotKeptTwice() {
        apply(phone, List.of(put(1, "base"), put(2, "two")));
        apply(tablet, List.of(put(1, "theirs")));

        SyncResult known = apply(phone, List.of(), lost(1, "base"), lost(1 + 1, "two"));
        assertThat(known.keptLost()).isEqualTo(2);
        assertThat(known.seq()).isEqualTo(2);
        SyncResult written = apply(phone, List.of(put(2, "three")), lost(2, "three"));

        assertThat(written.keptLost()).isEqualTo(1);
        assertThat(versions(2, 10)).extracting(PastVersion::lost).containsExactly(false);
        assertThat(versions(1, 10)).hasSize(1);
        assertThat(history.changes(id(), Long.MAX_VALUE, 10)).hasSize(3);
    }

    /** A client hands over what it has with each push. */
    @Test
    void whatWasHandedOverBeforeIsNotKeptTwice() {
        apply(phone, List.of(put(1, "theirs")));
        apply(phone, List.of(), lost(1, "mine"), lost(2, "mine"));

        SyncResult again = apply(phone, List.of(), lost(2, "mine"), lost(1, "mine"));

        assertThat(again.keptLost()).isEqualTo(2);
        assertThat(again.seq()).isEqualTo(2);
        assertThat(versions(1, 10)).hasSize(1);
    }

    /** The client drops its card and relies on what is kept, for as long as the rest of the history. */
    @Test
    void aVersionThatGoesSoonIsNotWhatIsKept() {
        apply(phone, List.of(put(1, "mine")));
        apply(tablet, List.of(put(1, "theirs")));
        assertThat(apply(phone, List.of(), lost(1, "mine")).seq()).isEqualTo(2);

        service.pass(TestService.LIMITS.historyRetention().dividedBy(2).plusSeconds(1));
        assertThat(apply(phone, List.of(), lost(1, "mine")).seq()).isEqualTo(3);
        assertThat(versions(1, 10)).extracting(PastVersion::lost).containsExactly(true, false);

        // It is kept now, and so is what the book has.
        assertThat(apply(phone, List.of(), lost(1, "mine")).seq()).isEqualTo(3);
        assertThat(apply(phone, List.of(), lost(1, "theirs")).seq()).isEqualTo(3);
    }

    /** A version whose change is not recorded any more is about to be removed. */
    @Test
    void whatOnlyAnUnrecordedChangeHasReplacedIsNotKept() {
        apply(phone, List.of(put(1, "mine")));
        apply(tablet, List.of(put(1, "theirs")));
        service.store.forgetRecord(id(), 2);

        assertThat(apply(phone, List.of(), lost(1, "mine")).seq()).isEqualTo(3);
        assertThat(versions(1, 10)).extracting(PastVersion::lost).containsExactly(true);
    }

    /** As many as one request may have, some of them known. */
    @Test
    void aHundredLostCardsAreKeptTogether() {
        apply(
                phone,
                IntStream.range(0, 50).<Change>mapToObj(n -> put(n, "old " + n)).toList());
        apply(
                tablet,
                IntStream.range(0, 30).<Change>mapToObj(n -> put(n, "new " + n)).toList());
        LostCard[] lost = IntStream.range(0, 100)
                .mapToObj(n -> lost(n, (n < 50 ? "old " : "mine ") + n))
                .toArray(LostCard[]::new);

        SyncResult result = apply(phone, List.of(), lost);

        assertThat(result.keptLost()).isEqualTo(100);
        assertThat(result.seq()).isEqualTo(3);
        for (int n = 0; n < 100; n++) {
            assertThat(versions(n, 10))
                    .as("contact %d", n)
                    .hasSize(n < 30 || n >= 50 ? 1 : 0)
                    .allMatch(n < 30 ? version -> !version.lost() : PastVersion::lost);
        }
        assertThat(apply(phone, List.of(), lost).seq()).isEqualTo(3);
    }

    @Test
    void aRefusedTaskKeepsNothing() {
        apply(phone, List.of(put(1, "base")));
        CheckCode first = service.code(ADA);
        apply(tablet, List.of(put(1, "theirs")));

        TestService.refused(
                service.answer(phone.apply(first, sync(List.of(put(1, "merged")), lost(1, "mine")))),
                CheckCodeMismatch.class);

        assertThat(versions(1, 10)).extracting(PastVersion::lost).containsExactly(false);
        assertThat(service.book(ADA).seq()).isEqualTo(2);
    }

    /** Protocol 7.2. */
    @Test
    void aRepeatedRequestKeepsItOnce() {
        apply(phone, List.of(put(1, "theirs")));
        ApplyChanges step = phone.apply(service.code(ADA), sync(List.of(), lost(1, "mine")));
        SyncResult told = TestService.done(service.answer(step));

        assertThat(TestService.done(service.answer(phone.again(step)))).isEqualTo(told);
        assertThat(versions(1, 10)).hasSize(1);
        assertThat(service.book(ADA).seq()).isEqualTo(2);
    }

    /** Decision 41: the row of a waiting task is read by the release before. The result says that the cards are not kept. */
    @Test
    void aTaskThatHadToWaitLeavesThemOut() {
        Step.OpenUpload open = tablet.open(TaskKind.INITIAL, 1, 1);
        service.answer(open);
        service.answer(tablet.chunk(open, 1, put(1, "theirs")));
        ApplyChanges step = phone.apply(service.code(ADA), IncrementalSync.ofLost(List.of(lost(1, "mine"))));
        assertThat(service.answer(step)).isInstanceOf(Outcome.Accepted.class);
        TestService.done(service.deliver(tablet.commit(open)).get(0).outcome());

        SyncResult result = TestService.done(service.answer(phone.again(step)));
        assertThat(result.keptLost()).isZero();
        assertThat(versions(1, 10)).isEmpty();
        assertThat(apply(phone, List.of(), lost(1, "mine")).keptLost()).isEqualTo(1);
    }

    /** What was replaced and what was lost by the same task are not separated by the end of a page. */
    @Test
    void pagesLeaveNothingOut() {
        apply(phone, List.of(put(1, "v0")));
        for (int n = 1; n < 9; n++) {
            apply(
                    phone,
                    List.of(put(1, "v" + n)),
                    n % 3 == 0 ? new LostCard[] {lost(1, "lost " + n)} : new LostCard[0]);
            if (n % 4 == 0) {
                apply(phone, List.of(), lost(1, "alone " + n));
            }
        }

        List<PastVersion> all = versions(1, 100);
        assertThat(all).hasSize(12);
        for (int limit = 1; limit < 13; limit++) {
            assertThat(versions(1, limit)).isEqualTo(all);
        }
    }

    /** Protocol 6.5: in bytes and in age; with the task that they came with. */
    @Test
    void lostCardsGoWithTheirTask() {
        apply(phone, List.of(put(1, "x")));
        apply(phone, List.of(), new LostCard(uid(1), cardOf(10_000)));
        apply(phone, List.of(), new LostCard(uid(1), cardOf(10_001)));
        apply(phone, List.of(), new LostCard(uid(1), cardOf(10_002)));
        assertThat(versions(1, 10)).hasSize(3);

        shorten(new Bounds(Instant.EPOCH, 100, 2 * (10_100 + Limits.STAGED_ROW)), 100);
        assertThat(versions(1, 10))
                .extracting(version -> version.content().card().length())
                .containsExactly(10_002, 10_001);
        assertThat(history.oldest(id()).orElseThrow().seq()).isEqualTo(3);

        service.clock.pass(Duration.ofDays(1));
        shorten(new Bounds(service.now(), 100, 1_000_000), 100);
        assertThat(versions(1, 10)).isEmpty();
        assertThat(history.changes(id(), Long.MAX_VALUE, 10)).isEmpty();
        assertThat(service.visible(ADA)).hasSize(1);
    }

    @Test
    void manyLostCardsGoInSmallSteps() {
        for (int n = 0; n < 4; n++) {
            int task = n;
            apply(
                    phone,
                    List.of(put(1, "v" + n)),
                    IntStream.range(0, 10)
                            .mapToObj(i -> lost(i, "lost " + task))
                            .toArray(LostCard[]::new));
        }

        int steps = shorten(new Bounds(service.now().plusSeconds(1), 100, 1_000_000), 7);

        assertThat(steps).isBetween(4, 8);
        assertThat(IntStream.range(0, 10).mapToObj(n -> versions(n, 10)))
                .allSatisfy(versions -> assertThat(versions).isEmpty());
    }

    /** Protocol 4.26.1. */
    @Test
    void allOfThemAreListed() {
        apply(phone, List.of(put(1, "one")), lost(1, "a"), lost(2, "b"));
        apply(phone, List.of(), lost(1, "c"));

        for (int most : List.of(1, 2, 10)) {
            List<PastVersion> all = new java.util.ArrayList<>();
            Optional<BookHistory.Place> place = Optional.empty();
            do {
                BookHistory.Page page = history.lost(id(), place, new RowPage.Bounds(most, 1_000_000));
                assertThat(page.versions().size()).isLessThanOrEqualTo(most);
                all.addAll(page.versions());
                place = page.next();
            } while (place.isPresent());
            assertThat(all)
                    .extracting(version -> version.until() + " " + version.uid().value())
                    .containsExactly("2 uid-1", "1 uid-2", "1 uid-1");
            assertThat(all).allMatch(PastVersion::lost);
        }
        assertThat(history.kept(
                                id(),
                                service.book(ADA).generation(),
                                Optional.empty(),
                                new RowPage.Bounds(10, 1_000_000))
                        .versions())
                .isEmpty();
    }

    /** They are not part of what a book was. */
    @Test
    void theBookIsPutTogetherWithoutThem() {
        apply(phone, List.of(put(1, "one")), lost(1, "lost"), lost(2, "lost"));
        CheckCode first = service.code(ADA);
        apply(phone, List.of(), lost(1, "lost again"));
        apply(phone, List.of(delete(1)), lost(1, "and again"));

        assertThat(history.state(id(), 1).orElseThrow().code()).isEqualTo(first);
        assertThat(history.state(id(), 2).orElseThrow().code()).isEqualTo(first);
        PastState second = history.state(id(), 2).orElseThrow();
        assertThat(history.unchanged(id(), second, Optional.empty(), 10)).isEmpty();
        assertThat(history.ended(id(), second, Optional.empty(), 10))
                .extracting(leaf -> leaf.uid().value())
                .containsExactly("uid-1");
        assertThat(history.lastVersion(id(), service.book(ADA).generation(), uid(1))
                        .orElseThrow()
                        .content()
                        .card())
                .isEqualTo(card("one"));
    }

    private SyncResult apply(TestDevice device, List<Change> changes, LostCard... lost) {
        return TestService.done(service.answer(device.apply(service.code(ADA), sync(changes, lost))));
    }

    private static IncrementalSync sync(List<Change> changes, LostCard... lost) {
        return new IncrementalSync(changes, Optional.empty(), OnMismatch.REFUSE, true, List.of(lost));
    }

    private static LostCard lost(int n, String name) {
        return new LostCard(uid(n), card(name));
    }

    /** All versions of a contact, in pages. */
    private List<PastVersion> versions(int n, int limit) {
        List<PastVersion> all = new java.util.ArrayList<>();
        long below = Long.MAX_VALUE;
        for (int pages = 0; pages < 100; pages++) {
            BookHistory.Page page = history.versions(id(), uid(n), below, new RowPage.Bounds(limit, 1_000_000));
            all.addAll(page.versions());
            if (page.next().isEmpty()) {
                return all;
            }
            below = page.next().get().until();
        }
        throw new AssertionError("pages without end");
    }

    private int shorten(Bounds bounds, int most) {
        long id = id();
        int steps = 1;
        while (service.store.inTransaction(() -> retention.shorten(id, most, bounds))) {
            steps++;
        }
        return steps;
    }

    private long id() {
        return service.book(ADA).id();
    }
}
