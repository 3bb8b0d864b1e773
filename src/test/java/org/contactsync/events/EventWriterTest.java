package org.contactsync.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.contactsync.protocol.BookNews;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.sync.event.BookEvent;
import org.contactsync.sync.event.BookEvent.BookChanged;
import org.junit.jupiter.api.Test;

class EventWriterTest {
    private static final Owner ADA = new Owner("https://issuer.example", "ada");
    private static final Owner BOB = new Owner("https://issuer.example", "bob");
    private static final Duration HEARTBEAT = Duration.ofSeconds(25);
    private static final long LATER = Duration.ofHours(1).toNanos();

    private final Map<Owner, Consumer<BookEvent>> subscribers = new HashMap<>();
    private final List<Ended> ended = new ArrayList<>();
    private int counted;
    private long now = 1_000;
    private final Listeners listeners = new Listeners(4, 2, () -> now, (owner, subscriber) -> {
        subscribers.put(owner, subscriber);
        return () -> subscribers.remove(owner);
    });
    private final EventWriter writer =
            new EventWriter(listeners, HEARTBEAT, now, () -> counted++, (listener, why) -> ended.add(why));

    @Test
    void tellsTheFirstChangeAtOnceAndOfManyTheLast() {
        RecordedConnection phone = listen(ADA, "phone");

        change(ADA, 1);
        writer.run(now);
        assertThat(phone.sent).hasSize(1);

        for (int seq = 2; seq <= 100; seq++) {
            change(ADA, seq);
            writer.run(now);
        }
        assertThat(phone.sent).as("within the window").hasSize(1);

        pass(EventWriter.WINDOW);
        assertThat(phone.sent).hasSize(2);
        assertThat(phone.sent.get(1))
                .startsWith("id: 100\nevent: book\ndata: {\"seq\":100,")
                .endsWith("}\n\n");
        assertThat(counted).isEqualTo(2);

        pass(EventWriter.WINDOW.multipliedBy(3));
        assertThat(phone.sent).hasSize(2);
    }

    @Test
    void tellsNobodyOfAnotherBook() {
        RecordedConnection ada = listen(ADA, "phone");
        RecordedConnection bob = listen(BOB, "phone");

        change(ADA, 1);
        writer.run(now);

        assertThat(ada.sent).hasSize(1);
        assertThat(bob.sent).isEmpty();
    }

    @Test
    void sendsAHeartbeatOnlyIntoSilence() {
        RecordedConnection phone = listen(ADA, "phone");
        pass(HEARTBEAT.minusSeconds(5));
        change(ADA, 1);
        writer.run(now);
        pass(HEARTBEAT.minusSeconds(2));
        assertThat(phone.sent).hasSize(1);

        pass(Duration.ofSeconds(4));
        assertThat(phone.sent).hasSize(2).last().isEqualTo(":\n\n");
        assertThat(counted).as("heartbeats are no events").isEqualTo(1);
    }

    @Test
    void endsAListenerThatDoesNotReadAndTellsTheOthers() {
        RecordedConnection deaf = listen(ADA, "phone");
        RecordedConnection tablet = listen(ADA, "tablet");
        deaf.full = true;

        change(ADA, 1);
        writer.run(now);

        assertThat(deaf.cut).isEqualTo(1);
        assertThat(tablet.sent).hasSize(1);
        assertThat(ended).containsExactly(Ended.DEAF);
        assertThat(listeners.size()).isEqualTo(1);
    }

    @Test
    void endsWhatIsBrokenGoneOrExpired() {
        RecordedConnection broken = listen(ADA, "phone");
        RecordedConnection gone = listen(BOB, "phone");
        RecordedConnection expired = new RecordedConnection();
        Listener short1 = listeners.admit(
                BOB, Optional.empty(), now + Duration.ofSeconds(10).toNanos());
        listeners.begin(short1, expired, state(0));
        broken.broken = true;
        gone.gone = true;

        change(ADA, 1);
        writer.run(now);
        pass(Duration.ofSeconds(12));

        assertThat(ended).containsExactlyInAnyOrder(Ended.GONE, Ended.GONE, Ended.EXPIRED);
        assertThat(expired.ended).as("ended as it should").isEqualTo(1);
        assertThat(expired.cut).isZero();
        assertThat(listeners.size()).isZero();
        assertThat(subscribers).as("subscriptions left").isEmpty();
    }

    @Test
    void givesThePlaceOfAnAnswerBackThatDoesNotBegin() {
        listeners.admit(ADA, Optional.empty(), now + LATER);

        pass(EventWriter.BEGINNING.plusSeconds(2));

        assertThat(listeners.size()).isZero();
        assertThat(ended).containsExactly(Ended.UNUSED);
    }

    @Test
    void refusesMoreThanAUserMayHaveUnlessItIsTheSameDevice() {
        RecordedConnection phone = listen(ADA, "phone");
        listen(ADA, "tablet");

        assertThatThrownBy(() -> listen(ADA, "watch"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isInstanceOf(Problem.QuotaExceeded.class));
        RecordedConnection again = listen(ADA, "phone");
        writer.run(now);

        assertThat(phone.ended).isEqualTo(1);
        assertThat(ended).containsExactly(Ended.REPLACED);
        change(ADA, 1);
        writer.run(now);
        assertThat(phone.sent).isEmpty();
        assertThat(again.sent).hasSize(1);
    }

    @Test
    void refusesMoreThanTheInstanceMayHave() {
        listen(ADA, "phone");
        listen(ADA, "tablet");
        listen(BOB, "phone");
        listen(BOB, "tablet");

        assertThatThrownBy(() -> listen(new Owner("https://issuer.example", "eve"), "phone"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isInstanceOf(Problem.Unavailable.class));
        assertThat(subscribers).as("of a refused one").containsOnlyKeys(ADA, BOB);
    }

    @Test
    void looksSeldomUnlessThereIsADoubt() {
        listen(ADA, "phone");
        assertThat(writer.dueLooks(now)).isEmpty();
        now += EventWriter.LOOK.toNanos();
        assertThat(writer.dueLooks(now)).hasSize(1);
        assertThat(writer.dueLooks(now)).isEmpty();

        change(ADA, 5);
        change(ADA, 3);
        assertThat(writer.dueLooks(now)).isEmpty();
        now += EventWriter.ROUND.toNanos();
        assertThat(writer.dueLooks(now)).hasSize(1);
    }

    @Test
    void looksAtEveryFeedInTimeHoweverManyThereAre() {
        int feeds = 40_000;
        Listeners many = new Listeners(feeds, 1, () -> now, (owner, subscriber) -> () -> {});
        for (int i = 0; i < feeds; i++) {
            Owner owner = new Owner("https://issuer.example", "user " + i);
            Listener listener = many.admit(owner, Optional.empty(), now + LATER);
            many.begin(listener, new RecordedConnection(), state(0));
        }
        EventWriter crowded = new EventWriter(many, HEARTBEAT, now, () -> {}, (listener, why) -> {});
        now += EventWriter.LOOK.toNanos();

        Set<Feed> seen = new HashSet<>();
        long rounds = EventWriter.LOOK.dividedBy(EventWriter.ROUND);
        for (int round = 0; round < rounds; round++) {
            seen.addAll(crowded.dueLooks(now));
            now += EventWriter.ROUND.toNanos();
        }

        assertThat(seen).hasSize(feeds);
    }

    @Test
    void endsAllWhenTheServiceStops() {
        RecordedConnection phone = listen(ADA, "phone");
        RecordedConnection tablet = listen(BOB, "tablet");

        listeners.close();
        writer.run(now);

        assertThat(phone.ended + tablet.ended).isEqualTo(2);
        assertThat(ended).containsExactly(Ended.STOPPING, Ended.STOPPING);
        assertThatThrownBy(() -> listen(ADA, "phone")).isInstanceOf(ProblemException.class);
    }

    private RecordedConnection listen(Owner owner, String device) {
        RecordedConnection connection = new RecordedConnection();
        Listener listener = listeners.admit(owner, Optional.of(new DeviceId(device)), now + LATER);
        listeners.begin(listener, connection, state(0));
        return connection;
    }

    private void change(Owner owner, long seq) {
        Consumer<BookEvent> subscriber = subscribers.get(owner);
        if (subscriber != null) {
            subscriber.accept(new BookChanged(owner, seq, FeedTest.code(seq), Optional.empty()));
        }
    }

    /** Runs the writer as often as it asks for it. */
    private void pass(Duration time) {
        long end = now + time.toNanos();
        while (now < end) {
            now = Math.min(end, now + Math.max(1, writer.run(now)));
        }
        writer.run(now);
    }

    private static BookNews state(long seq) {
        return new BookNews(seq, FeedTest.code(seq), Optional.empty());
    }
}
