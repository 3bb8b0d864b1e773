package org.contactsync.queue.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.settings.ScrubPace;
import org.contactsync.sync.InMemoryStore;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.scrub.Finding;
import org.contactsync.sync.scrub.Findings.Figures;
import org.contactsync.sync.scrub.Round;
import org.contactsync.sync.scrub.ScrubRows;
import org.contactsync.sync.scrub.Scrubs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which books are scrubbed when. What is compared is shown by {@code ScrubContract}. */
class ScrubRoundTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final int BOOKS = 6;

    /** An empty book costs 10 contacts: one in ten seconds. */
    private static final ScrubPace SLOW = new ScrubPace(60, Duration.ofDays(1));

    private final InMemoryStore store = new InMemoryStore();
    private final Rows rows = new Rows();
    private final Transactions transactions = new Transactions();
    private final Counted counted = new Counted();
    private long nanos;

    /** Empty books, of which some cannot be read. */
    private final class Rows implements ScrubRows {
        private final List<Long> read = new ArrayList<>();
        private final Set<Long> broken = new HashSet<>();
        private Duration takes = Duration.ZERO;

        @Override
        public Optional<Book> next(long after) {
            return after >= BOOKS ? Optional.empty() : Optional.of(book(after + 1));
        }

        @Override
        public List<Row> rows(long book, long generation, Range range, int most) {
            read.add(book);
            nanos += takes.toNanos();
            if (broken.contains(book)) {
                throw new IllegalStateException("the database says no");
            }
            return List.of();
        }
    }

    /** What is stored of the scrub, without a database. */
    private final class Transactions extends StepTransaction {
        private Round stored = Round.first(NOON);
        private @Nullable String holder;
        private List<ScrubRows.Book> due = List.of();
        private final Set<Long> findings = new HashSet<>();

        @Override
        public ScrubTurn claimScrub(String who, Duration lease) {
            boolean free = holder == null || holder.equals(who);
            holder = free ? who : holder;
            return turn(free);
        }

        @Override
        public ScrubTurn saveScrub(String who, Round round, Duration lease) {
            boolean held = who.equals(holder);
            stored = held ? round : stored;
            return turn(held);
        }

        private ScrubTurn turn(boolean held) {
            return new ScrubTurn(
                    NOON.plusNanos(nanos),
                    held ? Optional.of(stored) : Optional.empty(),
                    new Figures(Optional.of(stored), findings.size()));
        }

        @Override
        public List<ScrubRows.Book> findDueFindings(Duration age, int most) {
            return due;
        }

        @Override
        public boolean recordFinding(Finding finding) {
            return findings.add(finding.book());
        }

        @Override
        public boolean clearFinding(long book) {
            return findings.remove(book);
        }
    }

    private static final class Counted implements ScrubRound.Counts {
        private int books;
        private int skipped;

        @Override
        public void countBook() {
            books++;
        }

        @Override
        public void countSkipped() {
            skipped++;
        }

        @Override
        public void record(Figures figures, Instant now) {}
    }

    @BeforeEach
    void makeBooks() {
        IntStream.rangeClosed(1, BOOKS)
                .forEach(n -> store.inTransaction(() -> store.books().lock(owner(n))));
        assertThat(store.books().read(owner(BOOKS)).orElseThrow().id()).isEqualTo(BOOKS);
    }

    @Test
    void goesThroughAllBooksAtItsPaceAndRestsThen() {
        ScrubRound round = round("one", SLOW);

        run(round, Duration.ofSeconds(29));
        assertThat(rows.read).containsExactly(1L, 2L, 3L);
        run(round, Duration.ofHours(2));
        assertThat(rows.read).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(transactions.stored.resting()).isTrue();
        assertThat(transactions.stored.covered()).contains(NOON);
        assertThat(counted.books).isEqualTo(BOOKS);

        nanos += Duration.ofHours(22).toNanos();
        run(round, Duration.ofSeconds(40));
        assertThat(rows.read).hasSizeBetween(BOOKS + 3, BOOKS + 5);
    }

    /** What it may do is not saved up for longer than some seconds. */
    @Test
    void doesNotCatchUpAfterAPause() {
        ScrubRound round = round("one", SLOW);
        nanos += Duration.ofHours(1).toNanos();

        round.run();

        assertThat(rows.read).containsExactly(1L);
    }

    @Test
    void onlyTheHolderScrubsAndAnotherGoesOnAfterIt() {
        ScrubRound one = round("one", SLOW);
        ScrubRound two = round("two", SLOW);
        run(one, Duration.ofSeconds(36));
        run(two, Duration.ofSeconds(36));
        assertThat(rows.read).containsExactly(1L, 2L, 3L, 4L);

        transactions.holder = null;
        run(two, Duration.ofSeconds(36));
        long first = transactions.stored.last();
        assertThat(rows.read.subList(4, rows.read.size())).isNotEmpty().allMatch(book -> book >= 4);
        run(one, Duration.ofSeconds(36));
        assertThat(transactions.stored.last()).isGreaterThanOrEqualTo(first);
        assertThat(rows.read.subList(4, rows.read.size())).hasSizeLessThan(6);
    }

    @Test
    void aBookThatAlwaysFailsKeepsNobodyFromItsTurn() {
        rows.broken.add(2L);
        ScrubRound round = round("one", new ScrubPace(60_000, Duration.ofDays(1)));

        run(round, Duration.ofMinutes(2));

        assertThat(rows.read).containsExactly(1L, 2L, 2L, 2L, 3L, 4L, 5L, 6L);
        assertThat(counted.skipped).isEqualTo(1);
    }

    @Test
    void restsAfterASlowRead() {
        rows.takes = Duration.ofMillis(400);
        ScrubRound round = round("one", new ScrubPace(60_000, Duration.ofDays(1)));

        run(round, Duration.ofSeconds(25));

        assertThat(rows.read).hasSize(3);
    }

    /** However many there are, the round goes on. */
    @Test
    void findingsAndTheRoundTakeTurns() {
        transactions.due = List.of(book(6), book(5), book(4), book(3));
        transactions.findings.addAll(List.of(6L, 5L, 4L, 3L));
        ScrubRound round = round("one", new ScrubPace(600_000, Duration.ofDays(1)));

        run(round, Duration.ofSeconds(1));

        assertThat(rows.read.subList(0, 7)).containsExactly(1L, 6L, 2L, 5L, 3L, 4L, 4L);
        assertThat(transactions.findings).isEmpty();
    }

    private ScrubRound round(String holder, ScrubPace pace) {
        return new ScrubRound(
                transactions,
                new Scrubs(store.books(), store.contacts(), rows, tree -> {}, BookTree.LEAST_CONTACTS),
                pace,
                counted,
                holder,
                () -> nanos);
    }

    private void run(ScrubRound round, Duration time) {
        long end = nanos + time.toNanos();
        while (nanos <= end) {
            round.run();
            nanos += Duration.ofSeconds(1).toNanos();
        }
    }

    private static ScrubRows.Book book(long id) {
        return new ScrubRows.Book(id, owner((int) id).key(), Optional.of(owner((int) id)));
    }

    private static Owner owner(int n) {
        return new Owner("https://issuer.example", "user-" + n);
    }
}
