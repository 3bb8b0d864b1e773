package org.contactsync.api.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.contactsync.api.history.RestorePlaces.Stay;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.protocol.Owner;
import org.junit.jupiter.api.Test;

/** How many restores an instance fills. */
class RestorePlacesTest {
    private static final int CHUNK = 4 * 1024 * 1024;

    private final WorkBudget budget = new WorkBudget();
    private final RestorePlaces places = new RestorePlaces(budget, CHUNK);

    /** Four users who hold up their own books do not keep a fifth from restoring. */
    @Test
    void thoseThatWaitForTheirTurnLeaveTheirPlaces() {
        List<Stay> four = IntStream.range(0, RestorePlaces.WORKING)
                .mapToObj(n -> begin("user " + n).orElseThrow())
                .toList();
        assertThat(begin("fifth")).isEmpty();

        four.forEach(Stay::rest);

        Stay fifth = begin("fifth").orElseThrow();
        assertThat(fifth.works()).isTrue();
        assertThat(four.stream().filter(Stay::goOn)).hasSize(RestorePlaces.WORKING - 1);
        fifth.end();
        assertThat(four).allMatch(Stay::goOn);
    }

    @Test
    void aUserHasOneRestoreWhetherItWorksOrWaits() {
        Stay one = begin("ada").orElseThrow();
        assertThat(begin("ada")).isEmpty();
        one.rest();
        assertThat(begin("ada")).isEmpty();
        one.end();
        assertThat(begin("ada")).isPresent();
    }

    @Test
    void thoseThatWaitAreBoundedToo() {
        for (int n = 0; n < RestorePlaces.ALL; n++) {
            begin("user " + n).orElseThrow().rest();
        }
        assertThat(begin("another")).isEmpty();
    }

    /** Without room for a chunk it goes on waiting, and others may work. */
    @Test
    void withoutRoomForAChunkAStayGoesOnWaiting() {
        Stay stay = begin("ada").orElseThrow();
        stay.rest();
        Share one = share("ada");
        Share two = share("ada");

        assertThat(stay.goOn()).isFalse();
        assertThat(stay.works()).isFalse();
        List<Stay> others = IntStream.range(0, RestorePlaces.WORKING)
                .mapToObj(n -> begin("user " + n).orElseThrow())
                .toList();
        others.forEach(Stay::end);

        one.release();
        assertThat(stay.goOn()).isTrue();
        two.release();
    }

    /** Also when it rests, goes on and ends several times. */
    @Test
    void whatAStayHasIsGivenBackOnce() {
        Stay stay = begin("ada").orElseThrow();
        stay.rest();
        stay.rest();
        assertThat(stay.goOn()).isTrue();
        assertThat(stay.goOn()).isTrue();
        stay.end();
        stay.end();
        assertThat(stay.goOn()).isFalse();
        for (int n = 0; n < RestorePlaces.WORKING; n++) {
            assertThat(begin("user " + n)).isPresent();
        }
    }

    private Optional<Stay> begin(String user) {
        Share share = share(user);
        Optional<Stay> stay = places.begin(new Owner("issuer", user), share);
        if (stay.isEmpty()) {
            share.release();
        }
        return stay;
    }

    private Share share(String user) {
        Share share = budget.share(new Owner("issuer", user));
        share.growTo(CHUNK);
        return share;
    }
}
