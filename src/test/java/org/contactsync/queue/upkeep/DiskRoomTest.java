package org.contactsync.queue.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.contactsync.settings.DiskFloor;
import org.junit.jupiter.api.Test;

/** When changes are refused because the disk is nearly full, and when they are taken again. */
class DiskRoomTest {
    private static final long FLOOR = 1_000;

    private final DiskRoom room = new DiskRoom(new DiskFloor(Path.of("/data"), FLOOR));

    @Test
    void takesChangesBeforeTheFirstLook() {
        assertThat(room.low()).isFalse();
    }

    @Test
    void refusesChangesBelowTheFloor() {
        assertThat(room.record(FLOOR)).isFalse();
        assertThat(room.low()).isFalse();
        assertThat(room.record(FLOOR - 1)).isTrue();
        assertThat(room.low()).isTrue();
        assertThat(room.free()).isEqualTo(FLOOR - 1);
    }

    @Test
    void takesThemAgainWithAQuarterMoreAndDoesNotFlap() {
        room.record(FLOOR - 1);
        for (long free : new long[] {FLOOR, FLOOR - 1, FLOOR + FLOOR / 4 - 1, FLOOR}) {
            assertThat(room.record(free)).as("changed at %d", free).isFalse();
            assertThat(room.low()).isTrue();
        }
        assertThat(room.record(FLOOR + FLOOR / 4)).isTrue();
        assertThat(room.low()).isFalse();
        assertThat(room.record(FLOOR)).isFalse();
        assertThat(room.low()).isFalse();
    }

    @Test
    void leavesRoomToThoseWhoMakeRoom() {
        room.record(FLOOR / 2);
        assertThat(room.low()).isTrue();
        assertThat(room.almostNone()).isFalse();
        room.record(FLOOR / 2 - 1);
        assertThat(room.almostNone()).isTrue();
    }

    @Test
    void neverRefusesWithoutAFloor() {
        DiskRoom endless = new DiskRoom(new DiskFloor(Path.of("/data"), 0));
        endless.record(0);
        assertThat(endless.low()).isFalse();
        assertThat(endless.almostNone()).isFalse();
    }
}
