package org.contactsync.webhook.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.Owner;
import org.contactsync.settings.SecretKey;
import org.contactsync.settings.WebhookSettings.Endpoint;
import org.contactsync.webhook.DamagedDelivery;
import org.contactsync.webhook.Deliveries;
import org.contactsync.webhook.Deliveries.Claim;
import org.contactsync.webhook.Deliveries.Fate;
import org.contactsync.webhook.Deliveries.Part;
import org.contactsync.webhook.Deliveries.Verdict;
import org.contactsync.webhook.Delivery;
import org.contactsync.webhook.EndpointState;
import org.contactsync.webhook.EndpointState.Figures;
import org.contactsync.webhook.Message;
import org.contactsync.webhook.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When what is sent. What is stored of it is shown by {@code WebhookContract}. */
class EndpointTurnTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final CheckCode CODE = new CheckCode("ck1." + "A".repeat(43));
    private static final SecretKey KEY = SecretKey.ofBase64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 32, 64);
    private static final Endpoint CRM = new Endpoint("crm", URI.create("https://crm.example"), List.of(KEY), KEY);
    private static final Owner ADA = new Owner("https://issuer.example", "ada");
    private static final Result OK = new Result.Delivered();
    private static final Result NOT_FOUND = Result.Failed.answered(404, Optional.empty());
    private static final Result BUSY = Result.Failed.answered(503, Optional.empty());

    private final Rows rows = new Rows();
    private final List<String> sent = new ArrayList<>();
    private final Counted counted = new Counted();
    private final EndpointTurn turn = turn();
    private final Map<String, Result> refused = new HashMap<>();
    private Result answer = OK;
    private Duration takes = Duration.ofMillis(10);
    private long nanos = 1_000;

    /** What is stored, without a database: books with the numbers that are not told yet. */
    private final class Rows extends WebhookTransaction {
        private final TreeMap<Long, Long> untold = new TreeMap<>();
        private final TreeMap<Long, Delivery> waiting = new TreeMap<>();
        private final TreeMap<Long, Instant> next = new TreeMap<>();
        private final List<Delivery> dead = new ArrayList<>();
        private EndpointState state =
                new EndpointState(1, "crm", NOON, false, 0, NOON, Optional.empty(), Optional.empty(), Optional.empty());
        private Optional<Instant> lastSuccess = Optional.empty();
        private boolean free = true;
        private boolean fails;
        private boolean endless;
        private final Set<Long> damaged = new HashSet<>();
        private final Set<Long> failing = new HashSet<>();
        private final List<Long> places = new ArrayList<>();
        private int parts = 1;
        private Optional<Instant> seen = Optional.empty();
        private int claims;
        private int walks;
        private Duration looks = Duration.ZERO;

        @Override
        public Claim claim(String name, String holder, Duration lease, Optional<Instant> covered) {
            claims++;
            seen = covered.isPresent() ? covered : seen;
            if (fails) {
                throw new IllegalStateException("the database says no");
            }
            Optional<Instant> firstFailed = waiting.values().stream()
                    .flatMap(each -> each.failedSince().stream())
                    .min(Comparator.naturalOrder());
            return new Claim(
                    now(), free, state, new Figures(waiting.size(), dead.size(), Optional.empty(), firstFailed));
        }

        @Override
        public Part walk(EndpointState endpoint, long after, int most) {
            walks++;
            places.add(after);
            List<Long> books = untold.keySet().stream()
                    .filter(book -> book > after && !waiting.containsKey(book))
                    .toList();
            return new Part(books, after < parts * 1_000L ? OptionalLong.of(after + 1_000) : OptionalLong.empty());
        }

        @Override
        public Optional<Delivery> next(EndpointState endpoint, long book) {
            nanos += looks.toNanos();
            looks = Duration.ZERO;
            if (failing.contains(book)) {
                throw new IllegalStateException("missing chunk number 0");
            }
            if (damaged.contains(book)) {
                throw new IllegalArgumentException("check code: ck1. and 43 characters of base64url");
            }
            Long seq = untold.get(book);
            return seq == null || waiting.containsKey(book) ? Optional.empty() : Optional.of(delivery(book, seq));
        }

        @Override
        public Optional<Delivery> nextOf(EndpointState endpoint, String owner) {
            return owner.equals(ADA.key()) ? next(endpoint, 7) : Optional.empty();
        }

        @Override
        public Optional<Delivery> retry(EndpointState endpoint, boolean early) {
            Optional<Delivery> found = waiting.values().stream()
                    .filter(each ->
                            early || !next.getOrDefault(each.book(), NOON).isAfter(now()))
                    .min(Comparator.comparing(each -> next.getOrDefault(each.book(), NOON)));
            if (found.isPresent() && damaged.contains(found.get().book())) {
                throw new DamagedDelivery(
                        found.get().book(),
                        found.get().seq(),
                        new IllegalArgumentException("check key: 32 bytes, not 3"));
            }
            return found;
        }

        @Override
        public void postpone(EndpointState endpoint, DamagedDelivery damaged, Duration time) {
            next.put(damaged.book(), now().plus(time));
        }

        @Override
        public Optional<EndpointState> succeed(EndpointState endpoint, String holder, Delivery delivery) {
            waiting.remove(delivery.book());
            untold.computeIfPresent(
                    delivery.book(), (book, seq) -> endless && book == 1 ? Long.valueOf(seq + 1) : null);
            lastSuccess = Optional.of(now());
            return with(0, NOON, false);
        }

        @Override
        public Optional<EndpointState> fail(EndpointState endpoint, String holder, Delivery delivery, Verdict verdict) {
            Delivery failed = delivery.after(
                    delivery.failed() + 1, Optional.of(delivery.failedSince().orElse(now())));
            if (verdict.fate() == Fate.DEAD) {
                giveUp(failed);
            } else if (verdict.fate() == Fate.WAITS) {
                if (waiting.size() >= Deliveries.MOST_WAITING && !waiting.containsKey(delivery.book())) {
                    giveUp(waiting.values().stream()
                            .min(Comparator.comparing(each -> each.failedSince().orElseThrow()))
                            .orElseThrow());
                }
                waiting.put(delivery.book(), failed);
                next.put(delivery.book(), now().plus(verdict.retry()));
            }
            return with(verdict.ofEndpoint() ? state.failures() + 1 : 0, now().plus(verdict.pause()), false);
        }

        private void giveUp(Delivery delivery) {
            waiting.remove(delivery.book());
            untold.remove(delivery.book());
            dead.add(delivery);
        }

        @Override
        public Optional<EndpointState> disable(EndpointState endpoint, String holder) {
            return with(0, NOON, true);
        }

        private Optional<EndpointState> with(int failures, Instant resume, boolean gone) {
            state = new EndpointState(
                    1, "crm", NOON, gone, failures, resume, Optional.empty(), lastSuccess, Optional.empty());
            return free ? Optional.of(state) : Optional.empty();
        }
    }

    private static final class Counted implements EndpointTurn.Counts {
        private int delivered;
        private int failed;

        @Override
        public void countDelivered() {
            delivered++;
        }

        @Override
        public void countFailed() {
            failed++;
        }

        @Override
        public void record(EndpointState endpoint, Figures figures, Instant now) {
            // Shown by WebhookIT.
        }
    }

    @Test
    void deliversWhatAWalkFindsAndThenRests() {
        rows.untold.put(1L, 4L);
        rows.untold.put(2L, 9L);

        run(Duration.ofSeconds(2));

        assertThat(sent).hasSize(2);
        assertThat(counted.delivered).isEqualTo(2);
        int walks = rows.walks;
        run(Duration.ofSeconds(8));
        assertThat(rows.walks).isEqualTo(walks);
        run(Duration.ofSeconds(4));
        assertThat(rows.walks).isGreaterThan(walks);
    }

    @Test
    void aHintIsFollowedAtOnce() {
        run(Duration.ofSeconds(3));
        turn.run();
        assertThat(turn.isDue()).isFalse();
        rows.untold.put(7L, 1L);

        turn.hint(ADA);

        assertThat(turn.isDue()).isTrue();
        turn.run();
        assertThat(sent).hasSize(1);
    }

    @Test
    void sendsNothingWithoutTheLease() {
        rows.free = false;
        rows.untold.put(1L, 4L);
        turn.hint(ADA);

        run(Duration.ofSeconds(30));

        assertThat(sent).isEmpty();
        assertThat(rows.claims).isBetween(5, 8);
        rows.free = true;
        run(Duration.ofSeconds(7));
        assertThat(sent).hasSize(1);
    }

    /** Otherwise another instance might have sent later messages before this one arrives. */
    @Test
    void renewsTheLeaseBeforeItMayEndDuringAnAttempt() {
        rows.untold.put(1L, 4L);
        rows.looks = Duration.ofSeconds(9);
        run(Duration.ofSeconds(1));
        assertThat(sent).isEmpty();
        assertThat(rows.claims).isEqualTo(1);

        run(Duration.ofMillis(200));

        assertThat(rows.claims).isEqualTo(2);
        assertThat(sent).hasSize(1);
    }

    @Test
    void stopsWhenAnotherInstanceHasTakenOver() {
        rows.untold.put(1L, 4L);
        rows.untold.put(2L, 4L);
        run(Duration.ofMillis(1));
        sent.clear();
        rows.untold.put(3L, 4L);
        rows.untold.put(4L, 4L);
        rows.free = false;

        run(Duration.ofSeconds(20));

        assertThat(sent).isEmpty();
    }

    @Test
    void triesAgainWithPausesAndThenGivesUp() {
        answer = BUSY;
        rows.untold.put(1L, 4L);
        run(Duration.ofMinutes(10));
        int tried = sent.size();
        assertThat(tried).isBetween(8, 14);
        assertThat(sent.stream().distinct()).hasSize(1);
        assertThat(rows.dead).isEmpty();

        run(Duration.ofHours(1));

        assertThat(rows.dead).hasSize(1);
        assertThat(counted.failed).isEqualTo(sent.size());
    }

    /** While it is away, few deliveries fail: the others wait without an attempt, and none of them becomes dead. */
    @Test
    void anEndpointThatIsAwayGetsLittleThatIsNew() {
        answer = BUSY;
        for (long book = 1; book <= 50; book++) {
            rows.untold.put(book, 1L);
        }
        run(Duration.ofMinutes(30));
        assertThat(rows.waiting).hasSizeBetween(3, 15);

        answer = OK;
        run(Duration.ofMinutes(6));

        assertThat(rows.untold).isEmpty();
        assertThat(rows.waiting).isEmpty();
    }

    @Test
    void oneBadDeliveryDoesNotHoldUpOthers() {
        answer = BUSY;
        rows.untold.put(1L, 4L);
        run(Duration.ofMillis(200));
        answer = OK;
        rows.next.put(1L, NOON.plusSeconds(100_000));
        for (long book = 2; book <= 20; book++) {
            rows.untold.put(book, 1L);
        }

        run(Duration.ofSeconds(30));

        assertThat(rows.untold.keySet()).containsExactly(1L);
    }

    /** An answer of the receiver that is of one user only, such as 404 for one that it does not know. */
    @ParameterizedTest
    @ValueSource(ints = {404, 500})
    void aMessageThatIsRefusedForeverDoesNotHoldUpThoseThatComeLater(int status) {
        refused.put(id(1, 4), Result.Failed.answered(status, Optional.empty()));
        rows.untold.put(1L, 4L);
        run(Duration.ofMinutes(10));
        rows.untold.put(2L, 1L);

        run(Duration.ofMinutes(11));

        assertThat(sent).contains(id(2, 1));
        assertThat(rows.untold.keySet()).containsExactly(1L);
    }

    /** Of users that the receiver does not know; it takes the messages of others. */
    @Test
    void aThousandRefusedMessagesDoNotStopNewOnes() {
        untold(1, 1_200);
        answer = NOT_FOUND;
        refused.put(id(500, 1), OK);

        run(Duration.ofMinutes(5));

        assertThat(sent).contains(id(1_200, 1));
        assertThat(sent.stream().distinct()).hasSize(1_200);
        assertThat(rows.waiting).hasSize(Deliveries.MOST_WAITING);
        // Those that failed first have made room.
        assertThat(rows.dead).extracting(Delivery::book).containsExactlyElementsOf(books(1, 199));
        assertThat(rows.state.failures()).isZero();

        untold(1_201, 1_210);
        books(1_201, 1_210).forEach(book -> refused.put(id(book, 1), OK));
        run(Duration.ofMinutes(1));
        assertThat(rows.untold).doesNotContainKeys(1_201L, 1_210L);
    }

    /** It may be the wrong URL, or a proxy in front of it answers: then what waits is not given up for what is refused too. */
    @Test
    void anEndpointThatRefusesEverythingIsTakenToBeInTrouble() {
        untold(1, 1_200);
        answer = NOT_FOUND;

        run(Duration.ofMinutes(25));

        assertThat(rows.waiting).hasSize(Deliveries.MOST_WAITING);
        assertThat(rows.dead).hasSizeBetween(1, 20);
        assertThat(sent.stream().distinct()).hasSizeLessThan(1_030);
        int tried = sent.size();
        run(Duration.ofMinutes(4));
        assertThat(sent).hasSizeLessThan(tried + 5);

        answer = OK;
        run(Duration.ofMinutes(40));

        assertThat(rows.untold).isEmpty();
        assertThat(rows.dead).hasSizeLessThan(30);
    }

    @Test
    void anOutageDoesNotEndWhatWaits() {
        untold(1, 1_001);
        answer = NOT_FOUND;
        refused.put(id(500, 1), OK);
        run(Duration.ofMinutes(3));
        assertThat(rows.waiting).hasSize(Deliveries.MOST_WAITING);

        refused.clear();
        answer = BUSY;
        untold(2_000, 2_050);
        run(Duration.ofMinutes(20));

        assertThat(rows.dead).isEmpty();
        assertThat(rows.waiting).hasSize(Deliveries.MOST_WAITING).doesNotContainKey(2_000L);
        assertThat(sent).contains(id(2_000, 1));
        answer = OK;
        run(Duration.ofMinutes(40));
        assertThat(rows.untold).isEmpty();
        assertThat(rows.dead).isEmpty();
    }

    @Test
    void aDamagedBookStopsNoOther() {
        untold(1, 3);
        rows.damaged.addAll(Set.of(1L, 7L));
        turn.run();
        rows.untold.put(7L, 1L);
        turn.hint(ADA);
        run(Duration.ofSeconds(3));

        assertThat(rows.untold).containsOnlyKeys(1L, 7L);
        assertThat(rows.claims).isEqualTo(1);
        run(Duration.ofSeconds(30));
        assertThat(rows.seen).isEmpty();
        rows.damaged.clear();
        run(Duration.ofSeconds(30));
        assertThat(rows.untold).isEmpty();
        assertThat(rows.seen).isPresent();
    }

    /** For example a value that the database cannot read: it says so each time, and of no other book. */
    @Test
    void aBookAtWhichTheDatabaseAlwaysFailsStopsNoOther() {
        untold(1, 3);
        rows.failing.add(1L);
        run(Duration.ofMinutes(2));
        assertThat(rows.untold).containsOnlyKeys(1L);
        untold(4, 60);

        run(Duration.ofSeconds(30));

        assertThat(rows.untold).containsOnlyKeys(1L);
        assertThat(rows.seen).isEmpty();
        rows.failing.clear();
        run(Duration.ofMinutes(1));
        assertThat(rows.untold).isEmpty();
        assertThat(rows.seen).isPresent();
    }

    @Test
    void aDamagedBookThatWaitsStopsNoOther() {
        answer = BUSY;
        untold(1, 1);
        turn.run();
        assertThat(rows.waiting).containsOnlyKeys(1L);
        answer = OK;
        rows.damaged.add(1L);
        run(Duration.ofSeconds(20));
        untold(2, 3);

        run(Duration.ofSeconds(20));

        assertThat(rows.untold).containsOnlyKeys(1L);
        rows.damaged.clear();
        run(Duration.ofHours(1).plusSeconds(20));
        assertThat(rows.untold).isEmpty();
    }

    @Test
    void aWalkSurvivesAFailureOfTheDatabase() {
        rows.parts = 20;
        run(Duration.ofSeconds(4));
        int place = rows.places.size();
        assertThat(place).isBetween(2, 6);
        rows.fails = true;
        run(Duration.ofSeconds(4));
        rows.fails = false;
        run(Duration.ofSeconds(40));

        assertThat(rows.places.stream().filter(each -> each == 0)).hasSize(1);
        assertThat(rows.places).contains(20_000L);
    }

    /** All books have been read without need: that is not repeated at once. */
    @Test
    void aLongWalkThatFoundNothingIsFollowedByALongRest() {
        rows.parts = 60;
        run(Duration.ofSeconds(70));
        int walks = rows.walks;
        assertThat(walks).isEqualTo(61);
        run(Duration.ofSeconds(40));
        assertThat(rows.walks).isEqualTo(walks);
        untold(1, 1);
        run(Duration.ofSeconds(90));
        assertThat(sent).hasSize(1);
        // It has found something: the next one comes soon.
        int next = rows.walks;
        assertThat(next).isGreaterThan(walks + 60);
    }

    /** A hundred messages a second do not make the database look through all books faster. */
    @Test
    void aWalkGoesOnAtItsRateWhileMessagesAreSent() {
        rows.endless = true;
        rows.parts = 200;
        rows.untold.put(1L, 1L);

        long start = nanos;
        run(Duration.ofSeconds(10));

        assertThat(sent).hasSizeGreaterThan(200);
        int seconds = (int) Duration.ofNanos(nanos - start).toSeconds();
        assertThat(rows.walks).isBetween(seconds / 2, seconds * 6 / 5);
    }

    /** A book that changes faster than the endpoint answers. */
    @Test
    void aBookThatChangesWithoutEndDoesNotKeepOthersWaiting() {
        rows.endless = true;
        rows.untold.put(1L, 1L);
        rows.untold.put(2L, 1L);
        rows.untold.put(3L, 1L);

        run(Duration.ofSeconds(1));
        rows.untold.put(7L, 1L);
        turn.hint(ADA);
        run(Duration.ofSeconds(1));

        assertThat(rows.untold.keySet()).containsExactly(1L);
    }

    @Test
    void heedsWhenTheEndpointWantsTheNextAttempt() {
        answer = Result.Failed.answered(429, Optional.of(Duration.ofMinutes(2)));
        rows.untold.put(1L, 4L);
        rows.untold.put(2L, 4L);

        run(Duration.ofSeconds(110));
        assertThat(sent).hasSize(1);
        run(Duration.ofSeconds(15));
        assertThat(sent).hasSize(2);
    }

    @Test
    void sendsNothingToAnEndpointThatIsGone() {
        answer = new Result.Gone();
        rows.untold.put(1L, 4L);
        rows.untold.put(2L, 4L);

        run(Duration.ofMinutes(10));

        assertThat(sent).hasSize(1);
        assertThat(rows.untold).hasSize(2);
        answer = OK;
        rows.with(0, NOON, false);
        run(Duration.ofSeconds(30));
        assertThat(rows.untold).isEmpty();
    }

    @Test
    void leavesTheThreadToOthers() {
        takes = Duration.ofSeconds(1);
        for (long book = 1; book <= 50; book++) {
            rows.untold.put(book, 1L);
        }

        turn.run();

        assertThat(sent).hasSizeLessThan(5);
        assertThat(turn.isDue()).isTrue();
    }

    @Test
    void restsWhenTheDatabaseFails() {
        rows.fails = true;
        run(Duration.ofSeconds(9));
        assertThat(rows.claims).isEqualTo(1);
        rows.fails = false;
        rows.untold.put(1L, 4L);
        run(Duration.ofSeconds(10));
        assertThat(sent).hasSize(1);
    }

    @Test
    void stopsBeforeTheNextMessage() {
        rows.untold.put(1L, 4L);
        turn.stop();
        run(Duration.ofSeconds(10));
        assertThat(sent).isEmpty();
    }

    private void untold(long first, long last) {
        books(first, last).forEach(book -> rows.untold.put(book, 1L));
    }

    private static List<Long> books(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private EndpointTurn turn() {
        return new EndpointTurn(
                rows,
                CRM,
                this::send,
                counted,
                Duration.ofMinutes(30),
                Duration.ofDays(30),
                "me",
                () -> nanos,
                () -> 1);
    }

    private Result send(Message message) {
        sent.add(message.id());
        nanos += takes.toNanos();
        return refused.getOrDefault(message.id(), answer);
    }

    /** As the scheduler does it. */
    private void run(Duration time) {
        long end = nanos + time.toNanos();
        while (nanos < end) {
            if (turn.isDue()) {
                turn.run();
            }
            nanos += Duration.ofMillis(200).toNanos();
        }
    }

    private Instant now() {
        return NOON.plusNanos(nanos);
    }

    private static String id(long book, long seq) {
        return Message.of(delivery(book, seq), KEY).id();
    }

    private static Delivery delivery(long book, long seq) {
        return new Delivery(
                book, "owner-" + book, seq - 1, seq, seq, Optional.of(CODE), CODE, NOON, NOON, 0, Optional.empty());
    }
}
