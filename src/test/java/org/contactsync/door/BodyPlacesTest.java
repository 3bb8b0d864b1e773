package org.contactsync.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.contactsync.door.BodyPlaces.Body;
import org.contactsync.protocol.Owner;
import org.contactsync.transport.Client;
import org.junit.jupiter.api.Test;

class BodyPlacesTest {
    private static final Owner ADA = owner("ada");

    private final Set<Client> unwanted = new HashSet<>();
    private final BodyPlaces.Ending ending = new BodyPlaces.Ending() {
        @Override
        public synchronized void end(Client client) {
            unwanted.add(client);
        }

        @Override
        public synchronized void letGo(Client client) {
            unwanted.remove(client);
        }
    };
    private long now;
    private int ports;
    private final BodyPlaces places = new BodyPlaces(ending, () -> now);

    @Test
    void givesOneUserItsMost() throws InterruptedException {
        List<Body> bodies = fill(1, BodyPlaces.MOST_OF_USER);

        assertThat(enter(owner("user0"))).isEmpty();
        assertThat(places.hasMost(owner("user0"))).isTrue();
        assertThat(enter(ADA)).isPresent();
        places.leave(bodies.get(0));
        assertThat(enter(owner("user0"))).isPresent();
    }

    @Test
    void endsTheSlowestOfAUserWithMostBodiesForOneWithoutAny() throws InterruptedException {
        List<Body> bodies = fill(8, 8);
        bodies.forEach(body -> body.recordReceived(1_000, 1_000));
        Body slowest = bodies.get(42);
        slowest.recordReceived(10, 10);
        assertThat(enter(ADA)).as("while all are young").isEmpty();

        pass(BodyPlaces.YOUNG);
        Optional<Body> given = enter(ADA);

        assertThat(given).isPresent();
        assertThat(bodies.stream().filter(Body::isEnded)).containsExactly(slowest);
        assertThat(unwanted).hasSize(1);
        places.leave(slowest);
        assertThat(unwanted).isEmpty();
        assertThat(enter(owner("user5")))
                .as("for one who has as many as the others")
                .isEmpty();
    }

    @Test
    void leavesTheOnlyBodyOfAUserAloneWhileAnotherHasTwo() throws InterruptedException {
        Body only = enter(ADA).orElseThrow();
        fill(9, 7);
        pass(Duration.ofSeconds(30));
        for (int i = 0; i < 20; i++) {
            Body body = enter(owner("new" + i)).orElseThrow();
            places.leave(body);
            assertThat(only.isEnded()).isFalse();
        }
    }

    @Test
    void endsAnOnlyBodyThatIsOldForAUserWithoutAny() throws InterruptedException {
        fill(64, 1);
        pass(BodyPlaces.ONLY_ONE.minusMillis(1));
        assertThat(enter(ADA)).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(enter(ADA)).isPresent();
        assertThat(enter(ADA)).as("a second one").isEmpty();
    }

    @Test
    void endsNoMoreThanItsBoundWhileTheirThreadsHaveNotSeenIt() throws InterruptedException {
        List<Body> bodies = fill(8, 8);
        pass(Duration.ofSeconds(1));
        int given = 0;
        for (int i = 0; i < 60; i++) {
            given += enter(owner("new" + i)).isPresent() ? 1 : 0;
        }
        assertThat(given).isEqualTo(BodyPlaces.MOST_ENDING);
        places.leave(bodies.stream().filter(Body::isEnded).findFirst().orElseThrow());
        assertThat(enter(owner("new60"))).isPresent();
    }

    @Test
    void endsTheBodyThatHasCostMostMemory() throws InterruptedException {
        Body early = enter(owner("hostile")).orElseThrow();
        early.recordReceived(1_000_000, 1_000_000);
        pass(Duration.ofSeconds(10));
        Body fast = enter(owner("honest")).orElseThrow();
        fast.recordReceived(4_000_000, 4_000_000);
        pass(Duration.ofSeconds(1));
        Body own = enter(ADA).orElseThrow();
        own.recordReceived(2_000, 2_000);

        assertThat(places.endCostlierThan(own)).isTrue();
        assertThat(early.isEnded()).isTrue();
        assertThat(fast.isEnded()).isFalse();
        places.leave(early);
        assertThat(places.endCostlierThan(fast)).as("nobody has cost more").isFalse();
    }

    /** A photo is stored as it comes: little of it is held, however much has come. */
    @Test
    void endsNoneThatHoldsLittleOfMuch() throws InterruptedException {
        Body photo = enter(owner("photographer")).orElseThrow();
        photo.recordReceived(10_000_000, 100_000);
        Body held = enter(owner("hostile")).orElseThrow();
        held.recordReceived(1_000_000, 1_000_000);
        pass(Duration.ofSeconds(10));
        Body own = enter(ADA).orElseThrow();
        own.recordReceived(2_000, 2_000);

        assertThat(places.endCostlierThan(own)).isTrue();
        assertThat(held.isEnded()).isTrue();
        assertThat(photo.isEnded()).isFalse();
    }

    /** Hostile users want places all the time; an honest one that comes among them has one within a moment. */
    @Test
    void givesAnHonestUserAPlaceAmongManyWhoWantMore() throws Exception {
        BodyPlaces real = new BodyPlaces(ending, System::nanoTime);
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try {
            List<Future<Void>> hostile = new ArrayList<>();
            for (int i = 0; i < 240; i++) {
                int number = i;
                hostile.add(threads.submit(hold(real, number, inside, most)));
            }
            Thread.sleep(300);
            for (int i = 0; i < 20; i++) {
                Body body = real.enter(ADA, client(), Duration.ofSeconds(20)).orElseThrow();
                real.leave(body);
            }
            for (Future<Void> each : hostile) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(most.get()).isBetween(BodyPlaces.MOST, BodyPlaces.MOST + BodyPlaces.MOST_ENDING);
        assertThat(inside).hasValue(0);
        for (int i = 0; i < BodyPlaces.MOST; i++) {
            assertThat(real.enter(owner("after" + i), client(), Duration.ZERO)).isPresent();
        }
    }

    private Callable<Void> hold(BodyPlaces real, int number, AtomicInteger inside, AtomicInteger most) {
        SplittableRandom random = new SplittableRandom(number);
        return () -> {
            for (int i = 0; i < 4; i++) {
                Optional<Body> body = real.enter(owner("user" + number % 30), client(), Duration.ofMillis(500));
                if (body.isPresent()) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    for (int ticks = random.nextInt(100);
                            ticks > 0 && !body.get().isEnded();
                            ticks--) {
                        Thread.sleep(10);
                    }
                    inside.decrementAndGet();
                    real.leave(body.get());
                }
            }
            return null;
        };
    }

    private List<Body> fill(int users, int each) throws InterruptedException {
        List<Body> bodies = new ArrayList<>();
        for (int i = 0; i < users; i++) {
            for (int j = 0; j < each; j++) {
                bodies.add(enter(owner("user" + i)).orElseThrow());
            }
        }
        return bodies;
    }

    private Optional<Body> enter(Owner owner) throws InterruptedException {
        return places.enter(owner, client(), Duration.ZERO);
    }

    private synchronized Client client() {
        return new Client("127.0.0.1", ++ports);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static Owner owner(String subject) {
        return new Owner("https://issuer.example", subject);
    }
}
