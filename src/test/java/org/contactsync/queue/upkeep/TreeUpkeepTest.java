package org.contactsync.queue.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.reading.TreeCounts;
import org.contactsync.sync.reading.UnsavedTrees;
import org.contactsync.sync.reading.UnsavedTrees.Unsaved;
import org.junit.jupiter.api.Test;

/** Trees are stored a few at a time, and none is lost by a failure of the database. */
class TreeUpkeepTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final DigestTree TREE = new DigestTree("", BookTree.LEVELS);

    private final UnsavedTrees unsaved = new UnsavedTrees();
    private final Transactions transactions = new Transactions();
    private int stored;
    private final TreeUpkeep upkeep = new TreeUpkeep(transactions, unsaved, new Counted());

    /** What was written, without a database. */
    private static final class Transactions extends StepTransaction {
        private final List<BookTree> saved = new ArrayList<>();
        private final List<Long> walked = new ArrayList<>();
        private boolean failing;

        @Override
        public boolean saveTree(Unsaved next) {
            if (failing) {
                throw new IllegalStateException("the database says no");
            }
            return next.tree().filter(saved::add).isPresent();
        }

        @Override
        public OptionalLong removeUnusedTrees(long after, int most, long leastContacts) {
            walked.add(after);
            return after == 0 ? OptionalLong.of(7) : OptionalLong.empty();
        }
    }

    private final class Counted implements TreeCounts {
        @Override
        public void countRead(Source source) {
            throw new AssertionError("nothing is read");
        }

        @Override
        public void countStored() {
            stored++;
        }

        @Override
        public void countUnfit() {
            throw new AssertionError("nothing is read");
        }
    }

    @Test
    void storesSomeInEachRunInTheirOrder() {
        LongStream.rangeClosed(1, 6).forEach(book -> unsaved.save(tree(book, 1)));

        upkeep.save();
        assertThat(transactions.saved).extracting(BookTree::book).containsExactly(1L, 2L, 3L, 4L);
        upkeep.save();
        assertThat(transactions.saved).hasSize(6);
        upkeep.save();
        assertThat(transactions.saved).hasSize(6);
        assertThat(stored).isEqualTo(6);
    }

    @Test
    void ofABookTheLastOneIsStored() {
        unsaved.save(tree(1, 1));
        unsaved.save(tree(1, 2));

        upkeep.save();
        assertThat(transactions.saved).containsExactly(tree(1, 2));
    }

    @Test
    void whatFailedIsStoredLater() {
        unsaved.save(tree(1, 1));
        unsaved.save(tree(2, 1));
        transactions.failing = true;
        assertThatThrownBy(upkeep::save).isInstanceOf(IllegalStateException.class);
        transactions.failing = false;

        upkeep.save();
        assertThat(transactions.saved).containsExactly(tree(2, 1), tree(1, 1));
    }

    @Test
    void whatIsNewerThanWhatFailedIsStoredInstead() {
        unsaved.save(tree(1, 1));
        Unsaved taken = unsaved.take().orElseThrow();
        unsaved.save(tree(1, 2));
        unsaved.giveBack(taken);

        upkeep.save();
        assertThat(transactions.saved).containsExactly(tree(1, 2));
    }

    /** Each takes 160 KiB of memory. */
    @Test
    void onlySoManyWait() {
        List<Boolean> taken = LongStream.rangeClosed(1, 20)
                .mapToObj(book -> unsaved.save(tree(book, 1)))
                .toList();

        assertThat(taken.subList(0, 16)).containsOnly(true);
        assertThat(taken.subList(16, 20)).containsOnly(false);
        assertThat(unsaved.save(tree(3, 2))).as("in place of another one").isTrue();
    }

    @Test
    void looksForUnusedTreesOnceAMinuteOneBookAfterTheOther() {
        for (int second = 0; second <= 150; second++) {
            upkeep.removeUnused(NOON.plus(Duration.ofSeconds(second)));
        }

        assertThat(transactions.walked).containsExactly(0L, 7L, 0L);
    }

    private static BookTree tree(long book, long seq) {
        return new BookTree(book, 1, seq, TREE);
    }
}
