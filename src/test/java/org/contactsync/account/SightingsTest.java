package org.contactsync.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.account.RequestKind;
import org.junit.jupiter.api.Test;

/** Few requests of a device are written down, whatever it sends. */
class SightingsTest {
    private static final Owner ADA = new Owner("https://issuer.example", "ada");
    private static final Owner BOB = new Owner("https://issuer.example", "bob");
    private static final DeviceId PHONE = new DeviceId("phone");

    private long now = -5;
    private final Sightings sightings = new Sightings(() -> now);

    @Test
    void oneRequestInAQuarterOfAnHourIsDue() {
        assertThat(sightings.isDue(ADA, PHONE, true)).isTrue();
        assertThat(sightings.isDue(ADA, PHONE, true)).isFalse();
        assertThat(sightings.isDue(BOB, PHONE, true)).isTrue();
        assertThat(sightings.isDue(ADA, new DeviceId("tablet"), true)).isTrue();

        now += Sightings.APART.toNanos() - 1;
        assertThat(sightings.isDue(ADA, PHONE, true)).isFalse();
        now++;
        assertThat(sightings.isDue(ADA, PHONE, true)).isTrue();
    }

    /** The first request after a start mostly tells no check code. */
    @Test
    void theFirstRequestThatTellsACheckCodeIsDueToo() {
        assertThat(sightings.isDue(ADA, PHONE, false)).isTrue();
        assertThat(sightings.isDue(ADA, PHONE, false)).isFalse();
        assertThat(sightings.isDue(ADA, PHONE, true)).isTrue();
        assertThat(sightings.isDue(ADA, PHONE, true)).isFalse();
        assertThat(sightings.isDue(ADA, PHONE, false)).isFalse();
    }

    @Test
    void aUserWhoInventsDevicesGetsNoMorePlaces() {
        int due = 0;
        for (int i = 0; i < 1_000; i++) {
            due += sightings.isDue(ADA, new DeviceId("device-" + i), true) ? 1 : 0;
        }
        assertThat(due).isEqualTo(Installation.MOST);
        assertThat(sightings.isDue(BOB, PHONE, true)).isTrue();

        now += Sightings.APART.toNanos();
        assertThat(sightings.isDue(ADA, PHONE, true)).isTrue();
    }

    @Test
    void thereAreNoMoreUsersThanHaveRoomUntilOldOnesAreForgotten() {
        for (int i = 0; i < Sightings.MOST_USERS; i++) {
            assertThat(sightings.isDue(new Owner("i", "user-" + i), PHONE, true))
                    .isTrue();
        }
        assertThat(sightings.isDue(ADA, PHONE, true)).isFalse();
        sightings.removeOld();
        assertThat(sightings.isDue(ADA, PHONE, true)).isFalse();

        now += Duration.ofMinutes(16).toNanos();
        sightings.removeOld();
        assertThat(sightings.isDue(ADA, PHONE, true)).isTrue();
    }

    @Test
    void whatWaitsIsBoundedAndWhatHasNoRoomIsDueAgain() {
        for (int i = 0; i < Sightings.MOST_WAITING; i++) {
            sightings.add(sighting(new Owner("i", "user-" + i)));
        }
        assertThat(sightings.isDue(ADA, PHONE, true)).isTrue();
        sightings.add(sighting(ADA));
        assertThat(sightings.isDue(ADA, PHONE, true)).isTrue();

        assertThat(sightings.take(10)).hasSize(10);
        assertThat(sightings.take(Integer.MAX_VALUE)).hasSize(Sightings.MOST_WAITING - 10);
        assertThat(sightings.take(10)).isEmpty();
    }

    @Test
    void whatIsForgottenIsNotWrittenAndIsDueAgain() {
        sightings.isDue(ADA, PHONE, true);
        sightings.add(sighting(ADA));
        sightings.forget(ADA, PHONE);
        assertThat(sightings.take(10)).isEmpty();
        assertThat(sightings.isDue(ADA, PHONE, true)).isTrue();

        sightings.add(sighting(ADA));
        sightings.add(sighting(BOB));
        sightings.forget(ADA);
        assertThat(sightings.take(10)).containsExactly(sighting(BOB));
        assertThat(sightings.isDue(ADA, PHONE, true)).isTrue();
    }

    private static Sighting sighting(Owner owner) {
        return new Sighting(owner, PHONE, RequestKind.READ, Optional.empty());
    }
}
