package org.contactsync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is counted is never more than what was. */
class GroupTallyTest {
    private final GroupTally tally = new GroupTally();

    @Test
    void addsUpInstances() {
        tally.read("A", metrics(Map.of("2-3", 5, "8-15", 1)));
        tally.read("B", metrics(Map.of("2-3", 2, "16-31", 3)));

        assertThat(tally.commits())
                .containsExactly(Map.entry("2-3", 7L), Map.entry("8-15", 1L), Map.entry("16-31", 3L));
        assertThat(tally).hasToString("7 of 2-3, 1 of 8-15, 3 of 16-31");
        assertThat(tally.ofAtLeast(8)).isEqualTo(4);
    }

    @Test
    void takesTheLastReadingOfAnInstance() {
        tally.read("A", metrics(Map.of("2-3", 5)));
        tally.read("A", metrics(Map.of("2-3", 6)));

        assertThat(tally.commits()).containsExactly(Map.entry("2-3", 6L));
    }

    @Test
    void keepsWhatAnInstanceCountedBeforeItWasStartedAgain() {
        tally.read("A", metrics(Map.of("2-3", 5, "8-15", 2)));
        tally.read("A", metrics(Map.of("2-3", 0, "8-15", 0)));
        tally.read("A", metrics(Map.of("2-3", 9, "8-15", 1)));

        assertThat(tally.commits()).containsExactly(Map.entry("2-3", 14L), Map.entry("8-15", 3L));
    }

    @Test
    void doesNotCountTwiceAnInstanceThatHasSaidNothingYet() {
        tally.read("A", metrics(Map.of("8-15", 2)));
        tally.read("A", "# a start\n");
        tally.read("A", metrics(Map.of("8-15", 1)));

        assertThat(tally.ofAtLeast(8)).isEqualTo(3);
    }

    @Test
    void smallGroupsAreNotLargeOnes() {
        tally.read("A", metrics(Map.of("2-3", 5, "4-7", 6)));

        assertThat(tally.ofAtLeast(8)).isZero();
    }

    private static String metrics(Map<String, Integer> commits) {
        return commits.entrySet().stream()
                .map(each -> "contactsync_group_commits_total{mp_scope=\"application\",steps=\"%s\",} %s.0\n"
                        .formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining(
                        "", "# TYPE contactsync_group_commits_total counter\n", "contactsync_broker_up{} 1.0\n"));
    }
}
