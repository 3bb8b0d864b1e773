package org.contactsync.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.contactsync.client.RepairPlan.Place;
import org.contactsync.client.RepairPlan.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which way of a comparison is the cheapest, by the size of the book and by how much differs. */
class RepairPlanTest {
    private final RepairPlan plan = new RepairPlan(true, true);

    @ParameterizedTest
    @CsvSource({"15, 0", "50, 0", "1000, 2", "10000, 2", "100000, 2", "200000, 2"})
    void asksASmallBookForItsEntriesAndDescendsInALargeOne(int contacts, int levels) {
        assertThat(plan.next(Place.of(0, 1, contacts, 0)).levels()).isEqualTo(levels);
    }

    /** 4 requests with the look at the book: two levels, one more below the nodes that differ, entries. */
    @Test
    void findsTenDifferencesInTenThousandContactsInThreeRequests() {
        assertThat(plan.next(Place.of(0, 1, 10_000, 0))).isEqualTo(new Step(2, false));
        assertThat(plan.next(Place.of(2, 10, 390, 0))).isEqualTo(new Step(1, false));
        assertThat(plan.next(Place.of(3, 10, 34, 0))).isEqualTo(new Step(0, false));
    }

    @Test
    void shortensHashesWhereMostContactsOfManyNodesAreTheSame() {
        assertThat(plan.next(Place.of(2, 80, 600, 0))).isEqualTo(new Step(0, true));
        assertThat(new RepairPlan(true, false).next(Place.of(2, 80, 600, 0)).shortened())
                .isFalse();
    }

    /** Half of the book is known to differ, as the sizes do: the tree would tell nothing. */
    @Test
    void doesNotDescendWhereEverythingDiffers() {
        assertThat(plan.next(Place.of(0, 1, 10_000, 9_000)).levels()).isZero();
    }

    @Test
    void asksForEntriesOfAServerThatTakesOnePrefix() {
        RepairPlan one = new RepairPlan(false, false);
        assertThat(one.next(Place.of(0, 1, 10_000, 0))).isEqualTo(new Step(2, false));
        assertThat(one.next(Place.of(2, 10, 390, 0))).isEqualTo(new Step(0, false));
    }

    @Test
    void neverDescendsBelowTheTree() {
        assertThat(plan.next(Place.of(4, 65_536, 200_000, 0)).levels()).isZero();
        assertThat(plan.next(Place.of(3, 4_096, 200_000, 0)).levels()).isLessThanOrEqualTo(1);
    }
}
