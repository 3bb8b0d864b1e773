package org.contactsync.queue.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.contactsync.lookup.IndexRequests;
import org.contactsync.lookup.LookupRows.Behind;
import org.contactsync.lookup.LookupRows.Walk;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.work.StepTransaction;
import org.junit.jupiter.api.Test;

/** Which index is derived next. What a step does is shown by {@code LookupContract}. */
class LookupUpkeepTest {
    /** More than one run has time for. */
    private static final int MANY = 1_000;

    /** Steps that the index of a book still needs. */
    private final Map<Owner, Integer> needed = new HashMap<>();

    private final List<String> steps = new ArrayList<>();
    private final List<Long> removed = new ArrayList<>();
    private final List<Long> behind = new ArrayList<>();
    private final IndexRequests requests = new IndexRequests();
    private long nanos = Long.MAX_VALUE - Duration.ofMillis(700).toNanos();
    private Optional<Owner> broken = Optional.empty();
    private final LookupUpkeep upkeep = new LookupUpkeep(new Indexes(), requests, () -> nanos);

    /** Each step takes ten milliseconds. */
    private final class Indexes extends StepTransaction {
        @Override
        public Walk findIndexesBehind(long after, int most) {
            List<Behind> found = behind.stream()
                    .filter(book -> book > after)
                    .limit(most)
                    .map(book -> new Behind(book, owner(book)))
                    .toList();
            return new Walk(
                    found,
                    found.isEmpty()
                            ? Optional.empty()
                            : Optional.of(found.get(found.size() - 1).book()));
        }

        @Override
        public boolean deriveIndex(Owner owner, boolean asked) {
            nanos += Duration.ofMillis(10).toNanos();
            steps.add(owner.subject() + (asked ? " asked" : ""));
            if (broken.filter(owner::equals).isPresent()) {
                throw new IllegalStateException("the database says no");
            }
            int left = needed.getOrDefault(owner, 1) - 1;
            needed.put(owner, left);
            return left > 0;
        }

        @Override
        public boolean removeOldIndex(long book, Duration readers, int most) {
            nanos += Duration.ofMillis(10).toNanos();
            removed.add(book);
            return false;
        }
    }

    @Test
    void aBookThatIsAskedForComesBeforeThoseOfTheWalk() {
        walkFinds(1, 5);
        books(1, 5).forEach(book -> needed.put(owner(book), MANY));
        upkeep.run();
        steps.clear();
        requests.add(owner(99));

        upkeep.run();

        assertThat(steps.get(0)).isEqualTo("user-99 asked");
        assertThat(steps).contains("user-1").doesNotContain("user-2");
    }

    /** Otherwise all that the walk has found would be without an index until the last one has a new one. */
    @Test
    void booksOfTheWalkComeOneAfterTheOther() {
        walkFinds(1, 3);
        books(1, 3).forEach(book -> needed.put(owner(book), 3));

        upkeep.run();

        assertThat(steps)
                .containsExactly(
                        "user-1", "user-1", "user-1", "user-2", "user-2", "user-2", "user-3", "user-3", "user-3");
        assertThat(removed).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aLargeBookThatIsAskedForDoesNotDelaySmallOnes() {
        needed.put(owner(1), MANY);
        requests.add(owner(1));
        requests.add(owner(2));
        requests.add(owner(3));

        upkeep.run();

        assertThat(steps.subList(0, 4)).containsExactly("user-1 asked", "user-2 asked", "user-3 asked", "user-1 asked");
        assertThat(steps).hasSizeLessThan(60);
    }

    /** However many look-ups miss their index. */
    @Test
    void theWalkGoesOnMeanwhile() {
        walkFinds(1, 20);
        needed.put(owner(99), MANY);
        requests.add(owner(99));

        for (int run = 0; run < 5; run++) {
            upkeep.run();
        }

        assertThat(steps).contains("user-1", "user-20", "user-99 asked");
        assertThat(removed).contains(1L, 20L);
    }

    @Test
    void aBookThatFailsStopsNoOther() {
        walkFinds(1, 2);
        broken = Optional.of(owner(1));
        assertThatThrownBy(upkeep::run).isInstanceOf(IllegalStateException.class);

        upkeep.run();

        assertThat(steps).containsExactly("user-1", "user-2");
    }

    private void walkFinds(long first, long last) {
        behind.addAll(books(first, last));
    }

    private static List<Long> books(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static Owner owner(long book) {
        return new Owner("https://issuer.example", "user-" + book);
    }
}
