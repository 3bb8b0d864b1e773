package org.contactsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.delete;
import static org.contactsync.sync.Examples.put;
import static org.contactsync.sync.Examples.uid;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.problem.Problem.CheckCodeMismatch;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.sync.reading.BookReadings.FeedPage;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.reading.FeedMarks;
import org.contactsync.sync.reading.FeedRetention;
import org.contactsync.sync.step.Step;
import org.junit.jupiter.api.Test;

/** Tombstones go when they are older than the feed has to reach back, and the feed says so (protocol 4.6.3, 6.1). */
public abstract class RetentionScenarios {
    private static final Duration RETENTION = TestService.LIMITS.changesRetention();

    private final TestService service = new TestService(newStore());
    private final TestDevice phone = service.device("phone");

    protected abstract TestStore newStore();

    @Test
    void aTombstoneStaysForTheWholeRetentionAndGoesThen() {
        apply(put(1, "Ada"), put(2, "Bob"));
        apply(delete(1));
        service.markFeeds();

        service.clock.pass(RETENTION.minusMillis(1));
        service.shortenFeeds(10);
        assertThat(uids(feed(1))).containsExactly(uid(1));
        assertThat(service.book(ADA).changesFrom()).isZero();

        service.clock.pass(Duration.ofMillis(1));
        service.shortenFeeds(10);
        assertThat(uids(feed(0))).containsExactly(uid(2));
        assertThat(service.book(ADA).changesFrom()).isEqualTo(2);
    }

    /** Whoever was away for longer must not take the feed for whole (4.6.3), nor a mismatch (5.4). */
    @Test
    void whoMissedARemovedTombstoneIsSentToTheTree() {
        apply(put(1, "Ada"), put(2, "Bob"));
        CheckCode away = service.code(ADA);
        apply(delete(1));
        CheckCode current = service.code(ADA);
        expire();
        apply(put(3, "Cleo"));

        assertThat(TestService.refused(service.answer(phone.changesFrom(away, put(4, "Dot"))), CheckCodeMismatch.class)
                        .missed())
                .isEmpty();
        assertThat(TestService.refused(
                                service.answer(phone.changesFrom(current, put(4, "Dot"))), CheckCodeMismatch.class)
                        .missed()
                        .orElseThrow()
                        .changes())
                .hasSize(1);
    }

    /** Live contacts stay, so that code and tree are the same (2.4, 2.5). */
    @Test
    void theCheckCodeAndTheTreeDoNotChange() {
        for (int n = 0; n < 20; n++) {
            apply(put(n, "name " + n));
        }
        apply(deletes(0, 9));
        Map<String, BookDigest> nodes = nodes();
        CheckCode code = service.code(ADA);
        Map<Uid, ?> visible = service.visible(ADA);

        expire();

        assertThat(service.code(ADA)).isEqualTo(code);
        assertThat(nodes()).isEqualTo(nodes);
        assertThat(service.visible(ADA)).isEqualTo(visible);
        assertThat(uids(feed(0))).hasSize(11);
        assertThat(service.book(ADA).seq()).isEqualTo(21);
    }

    @Test
    void aContactThatWasDeletedLongAgoCanComeAgain() {
        apply(put(1, "Ada"));
        apply(delete(1));
        expire();

        apply(put(1, "Ada"));

        assertThat(service.visible(ADA)).hasSize(1);
        assertThat(uids(feed(2))).containsExactly(uid(1));
    }

    /** Its uid came again and went again: the newer tombstone is told for its own time. */
    @Test
    void aNewerTombstoneOfTheSameContactStays() {
        apply(put(1, "Ada"));
        apply(delete(1));
        service.markFeeds();
        apply(put(1, "Ada"));
        apply(delete(1));

        service.clock.pass(RETENTION);
        service.shortenFeeds(10);

        assertThat(uids(feed(2))).containsExactly(uid(1));
        assertThat(service.book(ADA).changesFrom()).isZero();
    }

    /** Many in one task have one number: a step may end between them. */
    @Test
    void smallStepsRemoveAllOfThem() {
        apply(IntStream.range(0, 40).mapToObj(n -> put(n, "x")).toArray(Change[]::new));
        apply(deletes(3, 20));
        apply(deletes(20, 35));
        service.markFeeds();
        service.clock.pass(RETENTION);

        int steps = service.shortenFeeds(7);

        assertThat(steps).isBetween(5, 9);
        assertThat(tombstones()).isEmpty();
        assertThat(uids(feed(0))).hasSize(8);
        assertThat(service.book(ADA).changesFrom()).isEqualTo(3);
    }

    /** A process that ends between two steps leaves the mark; another one begins anew. */
    @Test
    void workThatWasCutOffBeginsAnew() {
        apply(IntStream.range(0, 12).mapToObj(n -> put(n, "x")).toArray(Change[]::new));
        apply(deletes(0, 10));
        service.markFeeds();
        service.clock.pass(RETENTION);
        FeedRetention other =
                new FeedRetention(service.store.books(), service.store.contacts(), service.store.feedMarks());
        FeedMarks.Aged mark = service.store
                .inTransaction(() ->
                        service.store.feedMarks().aged(service.clock.instant().minus(RETENTION), 9))
                .get(0);
        Optional<FeedRetention.Place> place = service.store.inTransaction(() -> other.step(mark, Optional.empty(), 6));
        assertThat(place).isPresent();
        assertThat(tombstones()).isNotEmpty();
        assertThat(service.book(ADA).changesFrom()).isEqualTo(2);

        service.shortenFeeds(100);

        assertThat(tombstones()).isEmpty();
    }

    @Test
    void aFeedWithoutTombstonesReachesBackForEver() {
        apply(put(1, "Ada"));
        apply(put(2, "Bob"));
        expire();
        expire();

        assertThat(service.book(ADA).changesFrom()).isZero();
        assertThat(uids(feed(1))).containsExactly(uid(2));
    }

    /** One book after the other, each by its own marks, and none twice. */
    @Test
    void marksAreMadeOnceForEachStateOfABookAndNotTooOften() {
        apply(put(1, "Ada"));
        service.answer(service.deviceOf(BOB, "b").apply(service.code(BOB), sync(put(1, "x"))));

        assertThat(mark(0, 1, Duration.ofDays(1))).isTrue();
        assertThat(mark(0, 9, Duration.ofDays(1))).isTrue();
        assertThat(marks()).hasSize(2);
        apply(put(2, "Bob"));
        mark(0, 9, Duration.ofDays(1));
        assertThat(marks()).hasSize(2);
        service.clock.pass(Duration.ofDays(1));
        mark(0, 9, Duration.ofDays(1));
        mark(0, 9, Duration.ofDays(1));
        assertThat(marks()).hasSize(3);
        service.clock.pass(RETENTION);
        service.shortenFeeds(10);
        assertThat(marks()).isEmpty();
        mark(0, 9, Duration.ofDays(1));
        assertThat(marks()).isEmpty();
    }

    /** The new contents are the feed; the tombstones that were go with their generation. */
    @Test
    void aReplacedBookHasNothingToRemove() {
        apply(put(1, "Ada"), put(2, "Bob"), put(3, "Cleo"));
        apply(delete(1));
        service.markFeeds();
        Step.OpenUpload open = phone.open(TaskKind.REPLACE, 1, 2);
        service.answer(open);
        service.answer(phone.chunk(open, 1, put(1, "Ada"), put(2, "Bob")));
        TestService.done(service.answer(phone.commit(open)));

        service.clock.pass(RETENTION);
        service.shortenFeeds(10);

        assertThat(service.book(ADA).changesFrom()).isEqualTo(3);
        assertThat(service.visible(ADA)).hasSize(2);
    }

    private void expire() {
        service.markFeeds();
        service.clock.pass(RETENTION);
        service.shortenFeeds(10);
    }

    private boolean mark(long after, int most, Duration apart) {
        return service.store
                .inTransaction(() -> service.store.feedMarks().mark(after, most, service.clock.instant(), apart))
                .isPresent();
    }

    private List<FeedMarks.Aged> marks() {
        return service.store.inTransaction(() -> service.store.feedMarks().aged(service.clock.instant(), 100));
    }

    private void apply(Change... changes) {
        TestService.done(service.answer(phone.apply(service.code(ADA), sync(changes))));
    }

    private static IncrementalSync sync(Change... changes) {
        return new IncrementalSync(List.of(changes), Optional.empty(), OnMismatch.REFUSE, true);
    }

    private static Change[] deletes(int from, int to) {
        return IntStream.range(from, to).mapToObj(Examples::delete).toArray(Change[]::new);
    }

    private Map<String, BookDigest> nodes() {
        return new TreeMap<>(
                service.readings.nodes(ADA, List.of(""), 2).orElseThrow().value());
    }

    private Reading<FeedPage> feed(long since) {
        return service.readings.changes(ADA, since, Optional.empty(), 1_000).orElseThrow();
    }

    private List<BookChange> tombstones() {
        return feed(0).value().changes().stream()
                .filter(change -> change.now().isEmpty())
                .toList();
    }

    private static List<Uid> uids(Reading<FeedPage> page) {
        return page.value().changes().stream().map(BookChange::uid).toList();
    }
}
