package org.contactsync.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.contactsync.transport.Connection.Wait;
import org.junit.jupiter.api.Test;

class StuckConnectionsTest {
    private static final Duration TICK = Duration.ofMillis(100);

    private final StuckConnections stuck = new StuckConnections();
    private final List<Client> clients = new ArrayList<>();
    private boolean relief;
    private long now;

    private static final class Client implements Connection {
        private Wait wait = Wait.TO_WRITE;
        private long moved;
        private long bytesInATick;
        private boolean ended;

        @Override
        public Wait waitsFor() {
            return ended ? Wait.NOTHING : wait;
        }

        @Override
        public long moved() {
            return moved;
        }

        @Override
        public org.contactsync.transport.Client client() {
            return new org.contactsync.transport.Client("127.0.0.1", 1);
        }

        @Override
        public void end() {
            ended = true;
        }
    }

    private List<Client> add(int count, Wait wait, long bytesInASecond) {
        List<Client> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Client client = new Client();
            client.wait = wait;
            client.bytesInATick = bytesInASecond / 10;
            added.add(client);
        }
        clients.addAll(added);
        return added;
    }

    private void run(Duration time) {
        for (long end = now + time.toNanos(); now < end; now += TICK.toNanos()) {
            clients.forEach(client -> client.moved += client.bytesInATick);
            stuck.look(clients, now, relief);
        }
    }

    private static long ended(List<Client> some) {
        return some.stream().filter(client -> client.ended).count();
    }

    @Test
    void leavesAFewSilentOnesToTheServersOwnLimit() {
        List<Client> silent = add(StuckConnections.MANY_WRITING, Wait.TO_WRITE, 0);

        run(Duration.ofSeconds(9));

        assertThat(ended(silent)).isZero();
    }

    @Test
    void endsTheMostSilentOnesOfMany() {
        List<Client> silent = add(1_000, Wait.TO_WRITE, 0);
        List<Client> honest = add(20, Wait.TO_WRITE, 100_000);

        run(Duration.ofSeconds(2));

        assertThat(ended(honest)).isZero();
        assertThat(1_000 - ended(silent)).isLessThanOrEqualTo(StuckConnections.MANY_WRITING);
        assertThat(stuck.ended()).isEqualTo(ended(silent));
    }

    @Test
    void endsTheSlowestOfManyThatTakeALittleAllTheTime() {
        List<Client> trickling = add(500, Wait.TO_WRITE, 10_000);
        List<Client> honest = add(20, Wait.TO_WRITE, 1_000_000);

        run(Duration.ofSeconds(2));

        assertThat(ended(honest)).isZero();
        assertThat(520 - ended(trickling)).isLessThanOrEqualTo(StuckConnections.MOST_WRITING);
    }

    @Test
    void endsAnAnswerThatIsTakenTooSlowly() {
        List<Client> trickling = add(1, Wait.TO_WRITE, StuckConnections.LEAST_RATE / 2);
        List<Client> slow = add(1, Wait.TO_WRITE, StuckConnections.LEAST_RATE * 2);

        run(StuckConnections.SLOW_AFTER.plusSeconds(1));

        assertThat(ended(trickling)).isOne();
        assertThat(ended(slow)).isZero();
    }

    @Test
    void endsAnAnswerThatTakesTooLong() {
        List<Client> slow = add(1, Wait.TO_WRITE, StuckConnections.LEAST_RATE * 2);

        run(StuckConnections.LONGEST.plusSeconds(1));

        assertThat(ended(slow)).isOne();
    }

    @Test
    void givesBodiesMoreTime() {
        List<Client> phones = add(StuckConnections.MANY_READING + 10, Wait.TO_READ, 0);

        run(StuckConnections.BODY_SILENCE.minus(TICK));
        assertThat(ended(phones)).isZero();

        run(Duration.ofMillis(300));
        assertThat(ended(phones)).isEqualTo(10);
    }

    @Test
    void doesNotTouchAConnectionThatHasNoThread() {
        List<Client> idle = add(5_000, Wait.NOTHING, 0);

        run(Duration.ofSeconds(5));

        assertThat(ended(idle)).isZero();
    }

    @Test
    void endsEverySilentOneWhenMemoryIsShort() {
        List<Client> silent = add(3, Wait.TO_WRITE, 0);
        List<Client> honest = add(3, Wait.TO_WRITE, 100_000);
        List<Client> phones = add(3, Wait.TO_READ, 0);
        relief = true;

        run(Duration.ofMillis(300));

        assertThat(ended(silent)).isEqualTo(3);
        assertThat(ended(honest)).isZero();
        assertThat(ended(phones)).isZero();
    }

    @Test
    void beginsAnewWhenAnAnswerWasTaken() {
        Client client = add(1, Wait.TO_WRITE, 0).get(0);
        for (int i = 0; i < 5; i++) {
            client.wait = Wait.TO_WRITE;
            run(Duration.ofSeconds(8));
            client.wait = Wait.NOTHING;
            run(Duration.ofSeconds(2));
        }

        assertThat(client.ended).isFalse();
    }
}
