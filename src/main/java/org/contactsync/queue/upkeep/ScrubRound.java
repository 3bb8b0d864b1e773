package org.contactsync.queue.upkeep;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.contactsync.log.FailureLog;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.queue.work.StepTransaction.ScrubTurn;
import org.contactsync.settings.ScrubPace;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.scrub.BookScrub;
import org.contactsync.sync.scrub.BookScrub.Result;
import org.contactsync.sync.scrub.Finding;
import org.contactsync.sync.scrub.Findings.Figures;
import org.contactsync.sync.scrub.Part;
import org.contactsync.sync.scrub.Round;
import org.contactsync.sync.scrub.ScrubRows;
import org.contactsync.sync.scrub.Scrubs;

/**
 * Scrubs one book after the other, no faster than its pace, while this instance is the one that scrubs. It rests when the database
 * answers slowly or not at all. One thread at a time.
 */
final class ScrubRound {
    private static final Logger LOG = System.getLogger(ScrubRound.class.getName());
    private static final FailureLog FAILURES = FailureLog.of(ScrubRound.class);

    /** Time for a process that has ended to be replaced by another instance. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** Progress is stored, and claimed by others, this often; more often if rounds are short. */
    private static final Duration RENEWAL = Duration.ofSeconds(15);

    /** Findings are compared again after this time, so that they end after a repair. */
    private static final Duration RECHECK = Duration.ofHours(1);

    private static final int MOST_DUE = 50;

    /** Of one read. */
    private static final Duration STEP = Duration.ofSeconds(5);

    /** A step that takes longer shows that the database is busy. Usually it takes a few milliseconds. */
    private static final Duration SLOW = Duration.ofMillis(250);

    private static final Duration REST = Duration.ofSeconds(10);

    /** Work of one run: the thread is not kept. */
    private static final Duration RUN = Duration.ofMillis(500);

    /** What a book costs at least, in rows. */
    private static final int LEAST_COST = 10;

    private static final int SECONDS_SAVED = 10;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final double NANOS = 1e9;
    private static final int MOST_FAILURES = 3;

    /** What is counted of the scrub. */
    interface Counts {
        void countBook();

        void countSkipped();

        /** As all instances are at that time. */
        void record(Figures figures, Instant now);
    }

    private final StepTransaction transaction;
    private final Scrubs scrubs;
    private final ScrubPace pace;
    private final Counts counts;
    private final String holder;
    private final LongSupplier nanos;
    private final Deque<ScrubRows.Book> due = new ArrayDeque<>();

    private Optional<Round> round = Optional.empty();
    private Optional<BookScrub> current = Optional.empty();
    private boolean inRound;
    private Instant turnAt = Instant.MIN;
    private long turnNanos;
    private boolean turned;
    private long restUntil;
    private double rows;
    private long refilled;
    private long findings;
    private int failures;
    private boolean failing;

    /**
     * @param holder no other process has this name
     * @param nanos a clock such as {@link System#nanoTime}
     */
    ScrubRound(
            StepTransaction transaction,
            Scrubs scrubs,
            ScrubPace pace,
            Counts counts,
            String holder,
            LongSupplier nanos) {
        this.transaction = transaction;
        this.scrubs = scrubs;
        this.pace = pace;
        this.counts = counts;
        this.holder = holder;
        this.nanos = nanos;
        refilled = nanos.getAsLong();
        restUntil = refilled;
    }

    /** Does the work that is due. */
    void run() {
        long now = nanos.getAsLong();
        if (now - restUntil < 0) {
            return;
        }
        try {
            takeTurn(now);
            refill(now);
            if (round.isPresent()) {
                scrub(now);
            }
            failing = false;
        } catch (RuntimeException e) {
            rest(REST);
            fail(e);
        }
    }

    private void takeTurn(long now) {
        if (turned && now - turnNanos < shorter(RENEWAL).toNanos()) {
            return;
        }
        // If this fails, the next run tries again; until then nothing is scrubbed.
        turned = false;
        ScrubTurn turn = round.isPresent()
                ? transaction.saveScrub(holder, round.get(), LEASE)
                : transaction.claimScrub(holder, LEASE);
        round = turn.round();
        turnAt = turn.now();
        turnNanos = now;
        turned = true;
        findings = turn.figures().findings();
        counts.record(turn.figures(), turn.now());
        due.clear();
        if (round.isEmpty()) {
            current = Optional.empty();
        } else if (findings > 0) {
            due.addAll(transaction.findDueFindings(shorter(RECHECK), MOST_DUE));
        }
    }

    private Duration shorter(Duration time) {
        return pace.period().compareTo(time) < 0 ? pace.period() : time;
    }

    private void refill(long now) {
        double perSecond = (double) pace.contactsPerMinute() / SECONDS_PER_MINUTE;
        double most = Math.max(perSecond * SECONDS_SAVED, 1);
        rows = Math.min(most, rows + (now - refilled) / NANOS * perSecond);
        refilled = now;
    }

    private void scrub(long start) {
        while (rows > 0 && nanos.getAsLong() - start < RUN.toNanos()) {
            if (current.isEmpty() && !begin()) {
                return;
            }
            BookScrub book = current.orElseThrow();
            long before = nanos.getAsLong();
            Optional<Result> result = Deadline.in(STEP, nanos).during(book::step);
            rows -= Math.max(book.cost(), result.isPresent() ? LEAST_COST : 0);
            if (result.isPresent()) {
                take(book.book(), result.get());
                end();
            }
            if (nanos.getAsLong() - before > SLOW.toNanos()) {
                rest(REST);
                return;
            }
        }
    }

    /** Begins with the next book; false if there is none now. Findings and other books take turns. */
    private boolean begin() {
        ScrubRows.Book again = inRound ? due.poll() : null;
        Optional<ScrubRows.Book> next = again == null ? nextOfRound() : Optional.of(again);
        if (next.isEmpty()) {
            next = Optional.ofNullable(due.poll());
            again = next.orElse(null);
        }
        inRound = again == null;
        current = next.map(scrubs::begin);
        return current.isPresent();
    }

    private Optional<ScrubRows.Book> nextOfRound() {
        Round now = round.orElseThrow();
        if (now.resting()) {
            if (databaseTime().isBefore(now.began().plus(pace.period()))) {
                return Optional.empty();
            }
            now = now.begun(databaseTime());
        }
        Optional<ScrubRows.Book> next = scrubs.next(now.last());
        round = Optional.of(next.isPresent() ? now : now.ended());
        return next;
    }

    /** As it was at the last turn, and the time since then. */
    private Instant databaseTime() {
        return turnAt.plusNanos(nanos.getAsLong() - turnNanos);
    }

    private void take(ScrubRows.Book book, Result result) {
        if (result instanceof Result.Differs differs) {
            if (transaction.recordFinding(differs.finding())) {
                findings++;
                tell(differs.finding());
            }
            counts.countBook();
        } else if (result instanceof Result.Agrees) {
            if (findings > 0 && transaction.clearFinding(book.id())) {
                LOG.log(Level.INFO, "a book agrees with its contacts again: owner={0}", book.key());
            }
            counts.countBook();
        } else if (result instanceof Result.Restless) {
            counts.countSkipped();
        }
    }

    /** The book has been dealt with. */
    private void end() {
        long book = current.orElseThrow().book().id();
        if (inRound) {
            round = round.map(at -> at.passed(book));
        }
        current = Optional.empty();
        failures = 0;
    }

    private static void tell(Finding finding) {
        LOG.log(
                Level.ERROR,
                "a book does not agree with its contacts: owner={0} differs={1} contacts={2} seq={3}",
                finding.owner(),
                finding.parts().stream().sorted().map(Part::wireName).collect(Collectors.joining(",")),
                Long.toString(finding.contacts()),
                Long.toString(finding.seq()));
    }

    private void rest(Duration time) {
        restUntil = nanos.getAsLong() + time.toNanos();
    }

    /** The book is begun again. One that fails again and again must not keep the others from their turn. */
    private void fail(RuntimeException failure) {
        String owner = "owner=" + current.map(scrub -> scrub.book().key()).orElse("none");
        boolean ofBook = turned && current.isPresent();
        failures += ofBook ? 1 : 0;
        if (ofBook && failures >= MOST_FAILURES) {
            FAILURES.warning("book could not be compared; going on with the next one", owner, failure);
            counts.countSkipped();
            end();
        } else if (!failing) {
            FAILURES.warning("scrub interrupted; trying again", owner, failure);
        }
        failing = true;
        current = current.map(scrub -> scrubs.begin(scrub.book()));
    }
}
