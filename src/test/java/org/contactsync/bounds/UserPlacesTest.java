package org.contactsync.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.contactsync.bounds.UserPlaces.Grant;
import org.contactsync.protocol.Owner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UserPlacesTest {
    private static final Owner ONE = new Owner("issuer", "one");
    private static final Owner OTHER = new Owner("issuer", "other");

    @Test
    void givesOneUserNoMoreThanItsPart() {
        UserPlaces places = new UserPlaces(24, 4);
        assertThat(IntStream.range(0, 5).mapToObj(i -> places.take(ONE)))
                .containsExactly(Grant.GIVEN, Grant.GIVEN, Grant.GIVEN, Grant.GIVEN, Grant.USER_HAS_MOST);
        assertThat(places.take(OTHER)).isEqualTo(Grant.GIVEN);
        places.release(ONE);
        assertThat(places.take(ONE)).isEqualTo(Grant.GIVEN);
    }

    @Test
    void leavesTheLastPlacesToUsersWhoHaveNone() {
        UserPlaces places = new UserPlaces(24, 4);
        for (int round = 0; round < 4; round++) {
            users(20).forEach(places::take);
        }
        assertThat(places.free()).isPositive();
        assertThat(places.take(ONE)).isEqualTo(Grant.GIVEN);
    }

    @Test
    void givesAllBack() {
        UserPlaces places = new UserPlaces(24, 4);
        assertThat(places.take(ONE, 3)).isEqualTo(Grant.GIVEN);
        assertThat(places.take(ONE, 2)).isEqualTo(Grant.USER_HAS_MOST);
        places.release(ONE, 3);
        assertThat(places.free()).isEqualTo(24);
        assertThatThrownBy(() -> places.release(ONE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void waitsForAPlaceOfItsOwnUser() throws Exception {
        UserPlaces places = new UserPlaces(24, 1);
        places.take(ONE);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            CompletableFuture<Grant> waiting = CompletableFuture.supplyAsync(() -> waitLong(places), threads);
            assertThat(places.take(OTHER, Duration.ofDays(1))).isEqualTo(Grant.GIVEN);
            places.release(OTHER);
            places.release(ONE);
            assertThat(waiting.join()).isEqualTo(Grant.GIVEN);
            assertThat(places.take(ONE, Duration.ofMillis(1))).isEqualTo(Grant.USER_HAS_MOST);
            places.release(ONE);
            assertThat(places.free()).isEqualTo(24);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void keepsNothingOfWhoWasInterruptedWhileWaiting() throws Exception {
        UserPlaces places = new UserPlaces(1, 1);
        places.take(ONE);
        Thread waiting = new Thread(() -> assertThatThrownBy(() -> places.take(OTHER, Duration.ofDays(1)))
                .isInstanceOf(InterruptedException.class));
        waiting.start();
        waiting.interrupt();
        waiting.join();
        places.release(ONE);
        assertThat(places.free()).isEqualTo(1);
    }

    private static Grant waitLong(UserPlaces places) {
        try {
            return places.take(ONE, Duration.ofDays(1));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Owner> users(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> new Owner("issuer", "user" + i))
                .toList();
    }
}
