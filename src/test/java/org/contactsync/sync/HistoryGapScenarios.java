package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.card;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.sync.book.RowPage;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.step.Step;
import org.junit.jupiter.api.Test;

/**
 * Protocol 4.16.2: an earlier version runs beside this one and records nothing. What it did is missing, and nobody is given anything else
 * in its place.
 */
public abstract class HistoryGapScenarios {
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");
    private final Instant start = service.now();
    private final Restoring restoring =
            new Restoring(service.store.books(), service.store.history(), service.store.pages(), TestService.LIMITS);

    protected abstract TestStore newStore();

    /** Protocol 4.19.1: nobody knows when the book stopped being what is recorded last. */
    @Test
    void aTimeWithinAGapIsRefused() {
        apply(put(1, "one"));
        service.clock.pass(HOUR);
        unrecorded(put(2, "two"));
        service.clock.pass(HOUR);
        apply(put(3, "three"));

        assertRefused(byTime(start.plus(HOUR)));
        assertRefused(byTime(start.plusSeconds(1)));
        assertThat(seqAt(start.plus(HOUR.multipliedBy(2)))).isEqualTo(3);
        assertThat(seqAt(start.minusSeconds(1))).isZero();
        assertThat(restoring.plan(ADA, bySeq(2)).orElseThrow().value().state().seq())
                .isEqualTo(2);
        assertThat(restoring.plan(ADA, bySeq(1)).orElseThrow().value().deletes())
                .isEqualTo(2);
    }

    /** Not what was recorded last, and not the present either: it may be younger. */
    @Test
    void aTimeAfterTheLastRecordedTaskIsRefusedWhenAnotherOneFollowed() {
        apply(put(1, "one"));
        unrecorded(put(2, "two"));
        service.clock.pass(HOUR);

        assertRefused(byTime(service.now()));
        apply(put(3, "three"));
        assertThat(seqAt(service.now())).isEqualTo(3);
    }

    /** Protocol 4.18.1: the version before is not what was deleted. */
    @Test
    void whatWasDeletedWithoutARecordIsNotInTheTrash() {
        apply(put(1, "one"), put(2, "two"), put(3, "three"));
        apply(put(1, "one more"), put(2, "two more"));
        apply(delete(3));
        unrecorded(put(1, "unknown"));
        unrecorded(delete(1));
        unrecorded(delete(2));

        assertThat(trash()).extracting(PastVersion::uid).containsExactly(uid(3));
        assertThat(last(uid(1))).isEmpty();
        assertThat(last(uid(2))).isEmpty();
        assertThat(last(uid(3)).orElseThrow().content().card()).isEqualTo(card("three"));
    }

    @Test
    void aContactThatIsBackIsNotStale() {
        apply(put(1, "one"));
        apply(put(1, "two"));
        unrecorded(delete(1));
        apply(put(1, "three"));
        assertThat(last(uid(1))).isPresent();
        assertThat(trash()).isEmpty();

        apply(delete(1));
        assertThat(trash()).extracting(version -> version.content().card()).containsExactly(card("three"));
    }

    /** The new contents have no tombstones. */
    @Test
    void whatWasReplacedWithoutARecordIsNotInTheTrash() {
        apply(put(1, "one"), put(2, "two"));
        apply(put(1, "one more"));
        apply(delete(2));
        upload(put(5, "five"));
        service.store.forgetRecord(id(), 4);

        assertThat(trash()).isEmpty();
        assertThat(last(uid(1))).isEmpty();

        apply(put(6, "six"));
        apply(delete(5));
        assertThat(trash()).extracting(PastVersion::uid).containsExactly(uid(5));
        assertThat(last(uid(1))).isEmpty();
        upload(put(7, "seven"));
        assertThat(trash()).extracting(PastVersion::uid).containsExactly(uid(6), uid(5));
    }

    /** Nor are those of contacts that were deleted long ago. */
    @Test
    void aRemovedTombstoneHidesNoGap() {
        apply(put(1, "one"), put(2, "two"), put(3, "three"));
        apply(put(1, "one more"));
        unrecorded(delete(1));
        apply(delete(2));
        service.markFeeds();
        service.clock.pass(TestService.LIMITS.changesRetention());
        service.shortenFeeds(100);
        apply(delete(3));

        assertThat(service.book(ADA).changesFrom()).isEqualTo(4);
        assertThat(trash()).extracting(PastVersion::uid).containsExactly(uid(3), uid(2));
        assertThat(last(uid(1))).isEmpty();
        assertThat(last(uid(2))).isPresent();
    }

    private List<PastVersion> trash() {
        return service.store
                .history()
                .deleted(
                        id(), service.book(ADA).generation(), Optional.empty(), new RowPage.Bounds(100, Long.MAX_VALUE))
                .versions();
    }

    private Optional<PastVersion> last(Uid uid) {
        return service.store.history().lastVersion(id(), service.book(ADA).generation(), uid);
    }

    private long seqAt(Instant time) {
        return restoring.plan(ADA, byTime(time)).orElseThrow().value().state().seq();
    }

    private void assertRefused(RestoreTarget target) {
        assertThatThrownBy(() -> restoring.plan(ADA, target))
                .as(target.toString())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.HISTORY_EXPIRED));
    }

    private static RestoreTarget bySeq(long seq) {
        return new RestoreTarget(Optional.empty(), OptionalLong.of(seq), Optional.empty(), true);
    }

    private static RestoreTarget byTime(Instant time) {
        return new RestoreTarget(Optional.empty(), OptionalLong.empty(), Optional.of(time), true);
    }

    private void unrecorded(Change... changes) {
        apply(changes);
        service.store.forgetRecord(id(), service.book(ADA).seq());
    }

    private void apply(Change... changes) {
        TestService.done(service.answer(phone.apply(
                service.code(ADA), new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REFUSE, true))));
    }

    private void upload(Change... contacts) {
        Step.OpenUpload open = phone.open(TaskKind.REPLACE, 1, contacts.length);
        service.answer(open);
        service.answer(phone.chunk(open, 1, contacts));
        TestService.done(service.answer(phone.commit(open, Optional.empty(), true)));
    }

    private long id() {
        return service.book(ADA).id();
    }
}
