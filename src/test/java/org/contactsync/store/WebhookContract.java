package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.contactsync.sync.Examples.ADA;
import static org.contactsync.sync.Examples.BOB;
import static org.contactsync.sync.Examples.task;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.store.webhook.JpaDeliveries;
import org.contactsync.sync.Latch;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.webhook.DamagedDelivery;
import org.contactsync.webhook.Deliveries;
import org.contactsync.webhook.Deliveries.Claim;
import org.contactsync.webhook.Deliveries.Fate;
import org.contactsync.webhook.Deliveries.Listed;
import org.contactsync.webhook.Deliveries.Part;
import org.contactsync.webhook.Deliveries.Verdict;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;
import org.junit.jupiter.api.Test;

/** What an endpoint is told of is what has changed since the endpoint is there, each change once, in the order of its book. */
interface WebhookContract {
    Duration LEASE = Duration.ofMinutes(1);
    Verdict AGAIN = new Verdict("http_500", Fate.WAITS, Duration.ZERO, Duration.ZERO, true);
    Verdict LATER = new Verdict("timeout", Fate.WAITS, Duration.ofHours(1), Duration.ofMinutes(1), true);
    Verdict REFUSED = new Verdict("http_404", Fate.WAITS, Duration.ZERO, Duration.ZERO, false);
    Verdict DEAD = new Verdict("http_500", Fate.DEAD, Duration.ZERO, Duration.ZERO, true);

    /** The store under test; its tables are empty when the test begins. */
    JpaTestStore jpaStore();

    @Test
    default void tellsOfChangesOneByOne() {
        change(ADA, 1, 3);
        EndpointState crm = claimed("crm");
        assertThat(found(crm)).isEmpty();
        change(ADA, 4, 6);

        long book = found(crm).get(0);
        Delivery first = next(crm, book);
        assertThat(first.fromSeq()).isEqualTo(4);
        assertThat(first.seq()).isEqualTo(4);
        assertThat(first.before()).contains(code(3));
        assertThat(first.after()).isEqualTo(code(4));
        assertThat(first.owner()).isEqualTo(ADA.key());
        succeed(crm, first);
        assertThat(next(crm, book).seq()).isEqualTo(5);
        succeed(crm, next(crm, book));
        assertThat(deliveries().nextOf(crm, ADA.key()).orElseThrow().seq()).isEqualTo(6);
        succeed(crm, next(crm, book));
        assertThat(deliveries().next(crm, book)).isEmpty();
        assertThat(found(crm)).isEmpty();
        // Each endpoint by itself.
        EndpointState other = claimed("other");
        change(ADA, 7, 7);
        assertThat(next(other, book).fromSeq()).isEqualTo(7);
        assertThat(next(crm, book).fromSeq()).isEqualTo(7);
    }

    @Test
    default void findsBooksInSmallParts() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 1);
        change(BOB, 1, 1);

        Part first = deliveries().walk(crm, 0, 1);
        Part second = deliveries().walk(crm, first.last().orElseThrow(), 1);

        assertThat(first.books()).hasSize(1);
        assertThat(second.books()).hasSize(1).doesNotContainAnyElementsOf(first.books());
        assertThat(deliveries().walk(crm, second.last().orElseThrow(), 1).last())
                .isEmpty();
    }

    /** A transaction that has been long in coming has the next number of its book, whatever the time is. */
    @Test
    default void anOldTimeHidesNoChange() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 2);
        long book = found(crm).get(0);
        succeed(crm, next(crm, book));
        succeed(crm, next(crm, book));

        change(ADA, 3, 3, Instant.EPOCH);

        assertThat(found(crm)).containsExactly(book);
        assertThat(next(crm, book).seq()).isEqualTo(3);
    }

    @Test
    default void manyChangesOfABookAreToldAsOne() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, Deliveries.ONE_BY_ONE);
        long book = found(crm).get(0);
        assertThat(next(crm, book).seq()).isEqualTo(1);
        change(ADA, Deliveries.ONE_BY_ONE + 1, Deliveries.ONE_BY_ONE + 1);

        Delivery all = next(crm, book);

        assertThat(all.fromSeq()).isEqualTo(1);
        assertThat(all.seq()).isEqualTo(Deliveries.ONE_BY_ONE + 1);
        assertThat(all.before()).contains(code(0));
        assertThat(all.after()).isEqualTo(code(Deliveries.ONE_BY_ONE + 1));
        succeed(crm, all);
        assertThat(found(crm)).isEmpty();
    }

    /** By a release that keeps no history, or so long ago that it is removed. */
    @Test
    default void aChangeWithoutHistoryIsToldByTheBookAsItIs() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 1);
        long book = found(crm).get(0);
        succeed(crm, next(crm, book));
        execute("update book set seq = 3");

        Delivery delivery = next(crm, book);

        assertThat(delivery.before()).isEmpty();
        assertThat(delivery.fromSeq()).isEqualTo(2);
        assertThat(delivery.seq()).isEqualTo(3);
        assertThat(delivery.after()).isEqualTo(BookReadings.checkCode(book(ADA)));
        succeed(crm, delivery);
        assertThat(found(crm)).isEmpty();
    }

    /** An endpoint was away for longer than the history reaches back, whatever bound has cut it. */
    @Test
    default void aBookThatWasNeverToldIsFoundAlsoWhenItsHistoryHasExpired() {
        change(ADA, 1, 1);
        EndpointState crm = claimed("crm");
        List<Bounds> bounds = List.of(
                new Bounds(Instant.now().plusSeconds(100), 100, 1_000_000),
                new Bounds(Instant.EPOCH, 0, 1_000_000),
                new Bounds(Instant.EPOCH, 100, -1));
        for (int i = 0; i < bounds.size(); i++) {
            int seq = 3 * i + 4;
            change(ADA, seq - 2, seq);
            execute("update book set history_bytes = 0");
            BookState ada = book(ADA);

            shorten(ada.id(), bounds.get(i));

            assertThat(jpaStore().history().changes(ada.id(), Long.MAX_VALUE, 100))
                    .isEmpty();
            assertThat(jpaStore().history().oldest(ada.id())).isEmpty();
            assertThat(jpaStore().history().state(ada.id(), seq - 1)).isEmpty();
            assertThat(jpaStore().rows("select c.seq, c.device from book_change c where c.book_id = ?1", ada.id()))
                    .hasSize(1);
            if (i == 0) {
                // A later endpoint need not be told.
                assertThat(found(claimed("later"))).isEmpty();
            }
            assertThat(found(crm)).containsExactly(ada.id());
            Delivery last = next(crm, ada.id());
            assertThat(last.fromSeq()).isEqualTo(seq);
            assertThat(last.seq()).isEqualTo(seq);
            assertThat(last.before()).contains(code(seq - 1));
            assertThat(last.after()).isEqualTo(code(seq));
            execute("delete from webhook_cursor");
        }
        succeed(crm, next(crm, book(ADA).id()));
        assertThat(found(crm)).isEmpty();
    }

    /** The row that was kept goes when the next one takes its place. */
    @Test
    default void anExpiredHistoryBeginsAnew() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 2);
        long ada = book(ADA).id();
        Bounds everything = new Bounds(Instant.now().plusSeconds(100), 100, 1_000_000);
        shorten(ada, everything);
        change(ADA, 3, 4);

        assertThat(jpaStore().history().changes(ada, Long.MAX_VALUE, 100))
                .extracting(PastChange::seq)
                .containsExactly(4L, 3L);
        assertThat(next(crm, ada).seq()).isEqualTo(2);
        assertThat(inTransaction(() -> deliveries().replay(crm, ADA.key(), 2)).after())
                .isEqualTo(code(2));
        shorten(ada, everything);
        assertThat(jpaStore().rows("select c.seq, c.device from book_change c where c.book_id = ?1", ada))
                .hasSize(1);
        assertThat(deliveries().retry(crm, false).orElseThrow().seq()).isEqualTo(4);
    }

    @Test
    default void aDeliveryThatFailsHoldsUpItsBookOnly() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 2);
        change(BOB, 1, 1);
        long ada = book(ADA).id();
        Delivery failing = next(crm, ada);

        EndpointState after = fail(crm, failing, LATER);

        assertThat(after.failures()).isEqualTo(1);
        assertThat(after.resumeAt()).isAfter(after.since());
        assertThat(after.lastFailure().orElseThrow().error()).isEqualTo("timeout");
        assertThat(found(crm)).containsExactly(book(BOB).id());
        assertThat(deliveries().next(crm, ada)).isEmpty();
        assertThat(deliveries().nextOf(crm, ADA.key())).isEmpty();
        assertThat(deliveries().retry(crm, false)).isEmpty();
        Delivery again = deliveries().retry(crm, true).orElseThrow();
        assertThat(again.after(0, Optional.empty())).isEqualTo(failing);
        assertThat(again.failed()).isEqualTo(1);
        assertThat(again.failedSince()).isPresent();
        assertThat(claim("crm", "me").figures().waiting()).isEqualTo(1);
        assertThat(claim("crm", "me").figures().oldest()).contains(failing.firstChangedAt());

        EndpointState well = succeed(crm, again);

        assertThat(well.failures()).isZero();
        assertThat(claim("crm", "me").figures().waiting()).isZero();
        assertThat(next(crm, ada).seq()).isEqualTo(2);
    }

    /** Changes that come meanwhile do not change a message that is tried again. */
    @Test
    default void triesTheSameAgain() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, Deliveries.ONE_BY_ONE + 5);
        Delivery all = next(crm, book(ADA).id());
        fail(crm, all, AGAIN);
        change(ADA, Deliveries.ONE_BY_ONE + 6, Deliveries.ONE_BY_ONE + 9);

        Delivery again = deliveries().retry(crm, false).orElseThrow();

        assertThat(again.after(0, Optional.empty())).isEqualTo(all);
        fail(crm, again, AGAIN);
        assertThat(deliveries().retry(crm, false).orElseThrow().failed()).isEqualTo(2);
    }

    @Test
    default void aDeadDeliveryIsListedAndTheBookGoesOn() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 2);
        long ada = book(ADA).id();
        fail(crm, next(crm, ada), AGAIN);
        fail(crm, deliveries().retry(crm, false).orElseThrow(), DEAD);

        assertThat(deliveries().retry(crm, true)).isEmpty();
        assertThat(next(crm, ada).seq()).isEqualTo(2);
        Listed dead = deliveries().list(crm, Optional.empty(), 10).get(0);
        assertThat(dead.owner()).isEqualTo(ADA.key());
        assertThat(dead.seq()).isEqualTo(1);
        assertThat(dead.attempts()).isEqualTo(2);
        assertThat(dead.error()).isEqualTo("http_500");
        assertThat(dead.nextAttempt()).isEmpty();
        assertThat(deliveries().list(crm, Optional.of(dead.place()), 10)).isEmpty();
        assertThatThrownBy(() -> deliveries().list(crm, Optional.of("x"), 10)).isInstanceOf(ProblemException.class);
        assertThat(claim("crm", "me").figures().dead()).isEqualTo(1);

        inTransaction(() -> {
            deliveries().forgetDead(crm, dead.triedAt().minusSeconds(1));
            return null;
        });
        assertThat(deliveries().list(crm, Optional.empty(), 10)).hasSize(1);
        inTransaction(() -> {
            deliveries().forgetDead(crm, dead.triedAt().plusSeconds(1));
            return null;
        });
        assertThat(deliveries().list(crm, Optional.empty(), 10)).isEmpty();
    }

    @Test
    default void replaysFromAnyChangeThatIsKept() {
        change(ADA, 1, 3);
        EndpointState crm = claimed("crm");
        change(ADA, 4, 6);
        long ada = book(ADA).id();
        for (int i = 0; i < 3; i++) {
            fail(crm, next(crm, ada), DEAD);
        }
        assertThat(deliveries().list(crm, Optional.empty(), 10)).hasSize(3);

        Delivery first = inTransaction(() -> deliveries().replay(crm, ADA.key(), 5));

        assertThat(first.seq()).isEqualTo(5);
        assertThat(deliveries().list(crm, Optional.empty(), 10))
                .extracting(Listed::seq)
                .containsExactly(4L, 5L);
        Delivery again = deliveries().retry(crm, false).orElseThrow();
        assertThat(again.seq()).isEqualTo(5);
        assertThat(again.failedSince()).isEmpty();
        succeed(crm, again);
        succeed(crm, next(crm, ada));
        assertThat(found(crm)).isEmpty();

        // Also what was before the endpoint, one after the other.
        inTransaction(() -> deliveries().replay(crm, ADA.key(), 1));
        succeed(crm, deliveries().retry(crm, false).orElseThrow());
        assertThat(next(crm, ada).seq()).isEqualTo(2);
        // What has not been told yet is not left out.
        inTransaction(() -> deliveries().replay(crm, ADA.key(), 6));
        assertThat(deliveries().retry(crm, false).orElseThrow().seq()).isEqualTo(2);
    }

    @Test
    default void replaysNothingThatIsNotThere() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 5);
        execute("delete from book_change where seq < 3");

        assertProblem(ProblemType.HISTORY_EXPIRED, "is 3", () -> deliveries().replay(crm, ADA.key(), 2));
        assertProblem(
                ProblemType.MALFORMED_REQUEST, "1 to 5", () -> deliveries().replay(crm, ADA.key(), 6));
        assertProblem(
                ProblemType.MALFORMED_REQUEST, "1 to 5", () -> deliveries().replay(crm, ADA.key(), 0));
        assertProblem(ProblemType.NOT_FOUND, "owner", () -> deliveries().replay(crm, BOB.key(), 1));
        execute("delete from book_change");
        assertProblem(
                ProblemType.HISTORY_EXPIRED, "no change", () -> deliveries().replay(crm, ADA.key(), 5));
        assertThat(deliveries().list(crm, Optional.empty(), 10)).isEmpty();
    }

    /** An operator sets the book back while a later change is on its way. */
    @Test
    default void aReplayIsNotUndoneByADeliveryOnItsWay() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 3);
        long ada = book(ADA).id();
        succeed(crm, next(crm, ada));
        Delivery second = next(crm, ada);
        inTransaction(() -> deliveries().replay(crm, ADA.key(), 1));

        succeed(crm, second);
        assertThat(deliveries().retry(crm, false).orElseThrow().seq()).isEqualTo(1);
        fail(crm, second, AGAIN);
        fail(crm, second, DEAD);

        assertThat(deliveries().retry(crm, false).orElseThrow().seq()).isEqualTo(1);
        succeed(crm, deliveries().retry(crm, false).orElseThrow());
        assertThat(next(crm, ada).seq()).isEqualTo(2);
    }

    @Test
    default void theOneThatFailedFirstMakesRoom() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 2);
        change(BOB, 1, 1);
        long ada = book(ADA).id();
        long bob = book(BOB).id();
        fail(crm, next(crm, ada), REFUSED);
        inTransaction(() -> {
            for (int i = 1; i < Deliveries.MOST_WAITING; i++) {
                jpaStore()
                        .execute(
                                "insert into webhook_delivery (endpoint_id, book_id, seq, from_seq, dead, attempts,"
                                        + " changed_micros, failed_since_millis, tried_millis, next_millis, error)"
                                        + " values (?1, ?2, 1, 1, false, 1, 0, ?3, 0, 0, 'http_404')",
                                crm.id(),
                                1_000_000L + i,
                                Instant.now().plusSeconds(1_000).toEpochMilli());
            }
            return null;
        });
        assertThat(claim("crm", "me").figures().waiting()).isEqualTo(Deliveries.MOST_WAITING);
        assertThat(claim("crm", "me").figures().firstFailed().orElseThrow())
                .isBefore(Instant.now().plusSeconds(500));

        // During an outage only the failure is recorded.
        Delivery first = next(crm, bob);
        EndpointState after =
                fail(crm, first, new Verdict("timeout", Fate.UNTRIED, Duration.ZERO, Duration.ZERO, true));
        assertThat(after.failures()).isEqualTo(1);
        assertThat(next(crm, bob)).isEqualTo(first);
        assertThat(claim("crm", "me").figures().dead()).isZero();

        // An answer that refuses a message shows that the endpoint is there.
        assertThat(fail(crm, first, REFUSED).failures()).isZero();

        assertThat(claim("crm", "me").figures().waiting()).isEqualTo(Deliveries.MOST_WAITING);
        assertThat(claim("crm", "me").figures().dead()).isEqualTo(1);
        Listed dead = deliveries().list(crm, Optional.empty(), 10).stream()
                .filter(each -> each.nextAttempt().isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(dead.owner()).isEqualTo(ADA.key());
        assertThat(dead.seq()).isEqualTo(1);
        assertThat(next(crm, ada).seq()).isEqualTo(2);
        assertThat(deliveries().next(crm, bob)).isEmpty();
    }

    @Test
    default void aDamagedBookIsReportedAndCanBePostponed() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 1);
        change(BOB, 1, 1);
        fail(crm, next(crm, book(ADA).id()), AGAIN);
        fail(crm, next(crm, book(BOB).id()), LATER);
        execute("update book_change set code_after = 'x'");

        assertThatThrownBy(() -> deliveries().next(claimed("other"), book(ADA).id()))
                .isInstanceOf(IllegalArgumentException.class);
        DamagedDelivery damaged =
                catchThrowableOfType(DamagedDelivery.class, () -> deliveries().retry(crm, false));
        assertThat(damaged.book()).isEqualTo(book(ADA).id());
        inTransaction(() -> {
            deliveries().postpone(crm, damaged, Duration.ofHours(2));
            return null;
        });

        assertThat(deliveries().retry(crm, false)).isEmpty();
        assertThat(deliveries().list(crm, Optional.empty(), 10))
                .extracting(Listed::error)
                .containsExactlyInAnyOrder("damaged", "timeout");
    }

    /** Between the look and the postponement an operator may want another book told again: that does not wait for an hour. */
    @Test
    default void onlyTheDamagedDeliveryIsPostponed() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 1);
        change(BOB, 1, 1);
        fail(crm, next(crm, book(ADA).id()), AGAIN);
        execute("update book_change set code_after = 'x' where book_id = "
                + book(ADA).id());
        DamagedDelivery damaged =
                catchThrowableOfType(DamagedDelivery.class, () -> deliveries().retry(crm, true));
        inTransaction(() -> deliveries().replay(crm, BOB.key(), 1));

        inTransaction(() -> {
            deliveries().postpone(crm, damaged, Duration.ofHours(2));
            return null;
        });

        assertThat(deliveries().retry(crm, false).orElseThrow().book())
                .isEqualTo(book(BOB).id());
    }

    /** While an operator's action has the row of the endpoint. */
    @Test
    default void whoDeliversDoesNotLoseTheLeaseToAnOperator() throws Exception {
        EndpointState crm = claimed("crm");
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Void> operator = CompletableFuture.runAsync(() -> inTransaction(() -> {
            deliveries().enable(crm);
            locked.countDown();
            Latch.await(mayEnd);
            return null;
        }));
        assertThat(locked.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Claim> renewal = CompletableFuture.supplyAsync(() -> claim("crm", "me"));
        CompletableFuture<Claim> other = CompletableFuture.supplyAsync(() -> claim("crm", "another"));
        try {
            assertThat(other.get(30, TimeUnit.SECONDS).held()).isFalse();
        } finally {
            mayEnd.countDown();
        }
        operator.get(30, TimeUnit.SECONDS);

        assertThat(renewal.get(30, TimeUnit.SECONDS).held()).isTrue();
    }

    @Test
    default void oneInstanceAtATimeDelivers() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 1);
        Delivery delivery = next(crm, book(ADA).id());
        assertThat(claim("crm", "another").held()).isFalse();
        assertThat(claim("crm", "me").held()).isTrue();
        assertThat(inTransaction(() -> deliveries().succeed(crm, "another", delivery)))
                .isEmpty();
        assertThat(inTransaction(() -> deliveries().fail(crm, "another", delivery, AGAIN)))
                .isEmpty();
        assertThat(inTransaction(() -> deliveries().disable(crm, "another"))).isEmpty();
        assertThat(found(crm)).hasSize(1);

        inTransaction(() -> deliveries().claim("crm", "me", Duration.ZERO, Optional.empty()));

        assertThat(claim("crm", "another").held()).isTrue();
        assertThat(claim("crm", "me").held()).isFalse();
        assertThat(inTransaction(() -> deliveries().succeed(crm, "me", delivery)))
                .isEmpty();
        inTransaction(() -> {
            deliveries().release("crm", "me");
            return null;
        });
        assertThat(claim("crm", "me").held()).isFalse();
        inTransaction(() -> {
            deliveries().release("crm", "another");
            return null;
        });
        assertThat(claim("crm", "me").held()).isTrue();
    }

    @Test
    default void anEndpointThatIsGoneStaysSoUntilItIsEnabled() {
        EndpointState crm = claimed("crm");
        EndpointState gone =
                inTransaction(() -> deliveries().disable(crm, "me")).orElseThrow();
        assertThat(gone.gone()).isTrue();
        assertThat(claim("crm", "me").endpoint().gone()).isTrue();
        assertThat(deliveries().look("crm").orElseThrow().endpoint()).isEqualTo(gone);
        assertThat(deliveries().look("other")).isEmpty();

        inTransaction(() -> {
            deliveries().enable(crm);
            return null;
        });

        assertThat(claim("crm", "me").endpoint().gone()).isFalse();
    }

    /** It was away for days: what waits is not given up after one more failure. */
    @Test
    default void whatWaitsHasAllItsTimeAgainWhenTheEndpointIsEnabled() {
        EndpointState crm = claimed("crm");
        change(ADA, 1, 1);
        fail(crm, next(crm, book(ADA).id()), AGAIN);
        execute("update webhook_delivery set failed_since_millis = 1000");
        assertThat(deliveries().retry(crm, false).orElseThrow().failedSince()).contains(Instant.ofEpochSecond(1));

        inTransaction(() -> {
            deliveries().enable(crm);
            return null;
        });

        assertThat(deliveries().retry(crm, false).orElseThrow().failedSince().orElseThrow())
                .isAfter(Instant.now().minusSeconds(600));
    }

    @Test
    default void remembersWhatIsCovered() {
        EndpointState crm = claimed("crm");
        assertThat(crm.covered()).isEmpty();
        Instant noon = Instant.parse("2026-11-26T12:00:00Z");

        inTransaction(() -> deliveries().claim("crm", "me", LEASE, Optional.of(noon)));

        assertThat(claim("crm", "me").endpoint().covered()).contains(noon);
    }

    private void shorten(long book, Bounds bounds) {
        HistoryRetention retention = jpaStore().historyRetention();
        assertThat(inTransaction(() -> retention.exceeds(book, bounds))).isTrue();
        assertThat(inTransaction(() -> retention.shorten(book, 1_000, bounds))).isFalse();
        assertThat(inTransaction(() -> retention.exceeds(book, bounds))).isFalse();
        HistoryRetention.Part part = inTransaction(() -> retention.find(0, 1_000, bounds));
        assertThat(part.exceeding()).isEmpty();
        assertThat(part.oldest()).isEmpty();
    }

    private EndpointState claimed(String name) {
        Claim claim = claim(name, "me");
        assertThat(claim.held()).isTrue();
        return claim.endpoint();
    }

    private Claim claim(String name, String holder) {
        return inTransaction(() -> deliveries().claim(name, holder, LEASE, Optional.empty()));
    }

    private List<Long> found(EndpointState endpoint) {
        return deliveries().walk(endpoint, 0, 1_000).books();
    }

    private Delivery next(EndpointState endpoint, long book) {
        return deliveries().next(endpoint, book).orElseThrow();
    }

    private EndpointState succeed(EndpointState endpoint, Delivery delivery) {
        return inTransaction(() -> deliveries().succeed(endpoint, "me", delivery))
                .orElseThrow();
    }

    private EndpointState fail(EndpointState endpoint, Delivery delivery, Verdict verdict) {
        return inTransaction(() -> deliveries().fail(endpoint, "me", delivery, verdict))
                .orElseThrow();
    }

    private void assertProblem(ProblemType type, String detail, Supplier<?> work) {
        assertThatThrownBy(() -> inTransaction(work)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().type()).isEqualTo(type);
            assertThat(e.problem().detail()).contains(detail);
        });
    }

    private static CheckCode code(int seq) {
        return new CheckCode("ck1.%042dA".formatted(seq));
    }

    private BookState book(Owner owner) {
        return inTransaction(() -> jpaStore().books().lock(owner).book());
    }

    private void change(Owner owner, int first, int last) {
        change(owner, first, last, Instant.now());
    }

    /** As the one write leaves it. */
    private void change(Owner owner, int first, int last, Instant at) {
        long book = book(owner).id();
        inTransaction(() -> {
            for (int seq = first; seq <= last; seq++) {
                jpaStore()
                        .execute(
                                "insert into book_change (book_id, seq, at_micros, generation, kind, task_id, code_before,"
                                        + " code_after, contact_count, puts, deletes, bytes_before)"
                                        + " values (?1, ?2, ?3, 0, 'INCREMENTAL', ?4, ?5, ?6, 0, 0, 0, 0)",
                                book,
                                (long) seq,
                                ChronoUnit.MICROS.between(Instant.EPOCH, at),
                                task(seq).value(),
                                code(seq - 1).value(),
                                code(seq).value());
            }
            jpaStore().execute("update book set seq = ?1 where id = ?2", (long) last, book);
            return null;
        });
    }

    private void execute(String sql) {
        inTransaction(() -> {
            jpaStore().execute(sql);
            return null;
        });
    }

    private Deliveries deliveries() {
        return new JpaDeliveries(jpaStore().entityManager());
    }

    private <T> T inTransaction(Supplier<T> work) {
        return jpaStore().inTransaction(work);
    }
}
