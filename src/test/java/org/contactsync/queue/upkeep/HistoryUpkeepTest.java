package org.contactsync.queue.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.contactsync.protocol.Limits;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.history.HistoryRetention.Part;
import org.junit.jupiter.api.Test;

/** The walk through all histories. */
class HistoryUpkeepTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    /** Steps that a book still needs. */
    private final Map<Long, Integer> needed = new HashMap<>();

    private final List<Long> steps = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();
    private Duration pause = Duration.ZERO;

    private final HistoryUpkeep upkeep = new HistoryUpkeep(new Histories(), this::record, Limits.DEFAULTS);

    /** What one run of the sweeper does. */
    private final class Histories extends StepTransaction {
        @Override
        public Part findLongHistories(long after, int most, Limits limits) {
            List<Long> part = LongStream.rangeClosed(after + 1, after + most)
                    .boxed()
                    .filter(needed::containsKey)
                    .toList();
            return after >= 10_000
                    ? new Part(part, OptionalLong.empty(), 0, Optional.empty())
                    : new Part(part, OptionalLong.of(after + most), 3, Optional.of(NOON.minusSeconds(after)));
        }

        @Override
        public boolean shortenHistory(long book, int most, Limits limits) {
            steps.add(book);
            try {
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            int left = needed.getOrDefault(book, 0) - 1;
            if (left < -1) {
                throw new IllegalStateException("nothing to remove");
            }
            needed.put(book, left);
            return left > 0;
        }
    }

    /** Most books need one step a day: as many as there is time for, not a fixed number. */
    private void record(long bytes, Optional<Instant> oldest) {
        figures.add(bytes + " since " + oldest.map(Instant::toString).orElse("ever"));
    }

    @Test
    void tellsAfterACompleteWalkWhatAllHistoriesTakeAndHowOldTheyAre() {
        for (int run = 0; run < 21; run++) {
            assertThat(figures).isEmpty();
            upkeep.run(NOON);
        }

        assertThat(figures).containsExactly("60 since " + NOON.minusSeconds(9_500));
    }

    @Test
    void oneRunShortensAllOfAPartWhenStepsAreFast() {
        LongStream.rangeClosed(1, 500).forEach(book -> needed.put(book, 1));

        upkeep.run(NOON);

        assertThat(steps).hasSize(500);
    }

    @Test
    void aRunEndsWhenItsTimeIsOver() {
        LongStream.rangeClosed(1, 500).forEach(book -> needed.put(book, 1));
        pause = Duration.ofMillis(50);

        upkeep.run(NOON);

        assertThat(steps).hasSizeBetween(1, 5);
    }

    /** One user's long history does not hold up the others'. */
    @Test
    void booksTakeTurns() {
        needed.put(1L, 3);
        needed.put(2L, 1);
        needed.put(3L, 2);

        upkeep.run(NOON);

        assertThat(steps).containsExactly(1L, 2L, 3L, 1L, 3L, 1L);
    }

    @Test
    void aBookForWhichAStepFailsHoldsUpNobody() {
        needed.put(1L, -1);
        needed.put(2L, 1);

        assertThatThrownBy(() -> upkeep.run(NOON)).isInstanceOf(IllegalStateException.class);
        upkeep.run(NOON.plusSeconds(1));

        assertThat(steps).containsExactly(1L, 2L);
    }

    /** At the bound a book would be shortened at each visit: each time by the little that it has grown. */
    @Test
    void aHistoryMayExceedItsBoundsALittle() {
        Bounds bounds = Bounds.of(Limits.DEFAULTS, NOON);
        Bounds due = Bounds.due(Limits.DEFAULTS, NOON);
        Bounds most = Bounds.most(Limits.DEFAULTS);

        assertThat(Duration.between(due.from(), bounds.from())).isBetween(Duration.ofHours(20), Duration.ofHours(24));
        assertThat(due.changes()).isBetween(bounds.changes() + 300, bounds.changes() + 320);
        assertThat(due.bytes()).isBetween(bounds.bytes() * 33 / 32 - 1, bounds.bytes() * 33 / 32 + 1);
        assertThat(most.changes()).isEqualTo(bounds.changes() * 5 / 4);
        assertThat(most.bytes()).isBetween(bounds.bytes() * 5 / 4 - 1, bounds.bytes() * 5 / 4 + 1);
        assertThat(most.from()).isEqualTo(Instant.EPOCH);
    }
}
