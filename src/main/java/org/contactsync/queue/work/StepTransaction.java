package org.contactsync.queue.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.lookup.Indexing;
import org.contactsync.lookup.LookupRows;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.sync.Housekeeping;
import org.contactsync.sync.SharedCommits;
import org.contactsync.sync.SyncEngine;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.reading.FeedMarks;
import org.contactsync.sync.reading.FeedMarks.Aged;
import org.contactsync.sync.reading.FeedRetention;
import org.contactsync.sync.reading.FeedRetention.Place;
import org.contactsync.sync.reading.StoredTrees;
import org.contactsync.sync.reading.UnsavedTrees.Unsaved;
import org.contactsync.sync.scrub.Finding;
import org.contactsync.sync.scrub.Findings;
import org.contactsync.sync.scrub.Round;
import org.contactsync.sync.scrub.ScrubRows;
import org.contactsync.sync.step.Group;
import org.contactsync.sync.step.Series;
import org.contactsync.sync.step.Step;
import org.contactsync.sync.step.Step.ApplyChanges;
import org.contactsync.sync.task.GivenUpTasks;
import org.contactsync.sync.task.GivenUpTasks.Owned;
import org.contactsync.sync.task.Replies;

/**
 * The only place where transactions start: each method is one transaction, committed when it returns and rolled back when
 * it throws.
 */
@ApplicationScoped
@Transactional(value = TxType.REQUIRES_NEW, rollbackOn = Exception.class)
@SuppressWarnings("NullAway.Init") // filled by the container
public class StepTransaction {
    private SyncEngine engine;
    private SharedCommits shared;
    private Housekeeping housekeeping;
    private GivenUpTasks givenUp;
    private FeedMarks marks;
    private FeedRetention feeds;
    private Findings findings;
    private HistoryRetention histories;
    private Indexing indexing;
    private LookupRows lookupRows;
    private StoredTrees trees;

    /** For the container's proxy. */
    protected StepTransaction() {}

    @Inject
    public StepTransaction(
            SyncEngine engine,
            SharedCommits shared,
            Housekeeping housekeeping,
            GivenUpTasks givenUp,
            FeedMarks marks,
            FeedRetention feeds,
            Findings findings,
            HistoryRetention histories,
            Indexing indexing,
            LookupRows lookupRows,
            StoredTrees trees) {
        this.engine = engine;
        this.shared = shared;
        this.housekeeping = housekeeping;
        this.givenUp = givenUp;
        this.marks = marks;
        this.feeds = feeds;
        this.findings = findings;
        this.histories = histories;
        this.indexing = indexing;
        this.lookupRows = lookupRows;
        this.trees = trees;
    }

    public Replies run(Step step, boolean earlierTried) {
        return engine.run(step, earlierTried);
    }

    public Replies runIfUnlocked(Step step) {
        return engine.runIfUnlocked(step);
    }

    /** See {@link SharedCommits#runSeriesIfUnlocked}. */
    public List<Replies> runSeriesIfUnlocked(Series series) {
        return shared.runSeriesIfUnlocked(series);
    }

    /** See {@link SharedCommits#runGroup}. */
    public List<Optional<Replies>> runGroup(Group group) {
        return shared.runGroup(group);
    }

    /**
     * Runs a step on a new book of its owner, whatever check code it has, and rolls back.
     *
     * @throws RehearsedException always, with the replies
     */
    public void rehearse(ApplyChanges step) {
        throw new RehearsedException(engine.runIfUnlocked(engine.onNewBook(step)));
    }

    /**
     * Runs the steps of a group on new books of their owners, and rolls back.
     *
     * @throws RehearsedException always
     */
    public void rehearse(Group group) {
        shared.runGroup(new Group(group.steps().stream().map(engine::onNewBook).toList()));
        throw new RehearsedException(Replies.none(Replies.Next.NOTHING));
    }

    public Replies runNextWaiting(Owner owner) {
        return engine.runNextWaiting(owner);
    }

    public Replies countFailedAttempt(Owner owner, TaskId task) {
        return engine.countFailedAttempt(owner, task);
    }

    public Replies parkFromRequest(ApplyChanges step) {
        return engine.parkFromRequest(step);
    }

    /** See {@link SyncEngine#endUpload}. */
    public Replies endUpload(Step.Head head, TaskState state, Outcome kept) {
        return engine.endUpload(head, state, kept);
    }

    /** See {@link SyncEngine#endUnopened}. */
    public Replies endUnopened(Step.OpenUpload step, TaskState state, Outcome kept) {
        return engine.endUnopened(step, state, kept);
    }

    /** Creates the owner's book if it does not exist. */
    public void ensureBook(Owner owner) {
        engine.ensureBook(owner);
    }

    public Owned retryGivenUp(TaskId task) {
        return givenUp.retry(task);
    }

    public Owned dropGivenUp(TaskId task) {
        return givenUp.drop(task);
    }

    /** @param again for how long an owner with a waiting task is assigned to the caller */
    public List<Owner> findDue(Duration again, int most) {
        Instant now = housekeeping.now();
        return housekeeping.due(now, now.plus(again), most);
    }

    public int removeGarbage(int most) {
        return housekeeping.removeGarbage(most);
    }

    public boolean compactStorage() {
        return housekeeping.compact();
    }

    /** See {@link Housekeeping#refreshStatistics}. */
    public boolean refreshStatistics() {
        return housekeeping.refreshStatistics();
    }

    public int forgetTasks(int most) {
        return housekeeping.forgetTasks(housekeeping.now(), most);
    }

    /** See {@link FeedMarks#mark}. */
    public OptionalLong markFeeds(long after, int most, Duration apart) {
        return marks.mark(after, most, housekeeping.now(), apart);
    }

    /** Returns marks of at least that age. */
    public List<Aged> findAgedFeeds(Duration age, int most) {
        return marks.aged(housekeeping.now().minus(age), most);
    }

    /** See {@link FeedRetention#step}. */
    public Optional<Place> shortenFeed(Aged mark, Optional<Place> place, int most) {
        return feeds.step(mark, place, most);
    }

    /**
     * What an instance knows of the scrub.
     *
     * @param now the database's time
     * @param round what the caller has to go on with; empty if another instance scrubs
     */
    public record ScrubTurn(Instant now, Optional<Round> round, Findings.Figures figures) {}

    /** Makes the caller the one who scrubs for that long, unless another one is. */
    public ScrubTurn claimScrub(String holder, Duration lease) {
        Instant now = housekeeping.now();
        Optional<Round> round = findings.claim(holder, now, now.plus(lease));
        return new ScrubTurn(now, round, findings.figures());
    }

    /** Stores how far the caller has come; it has no round if it is not the one who scrubs any more. */
    public ScrubTurn saveScrub(String holder, Round round, Duration lease) {
        Instant now = housekeeping.now();
        boolean held = findings.save(holder, round, now.plus(lease));
        return new ScrubTurn(now, held ? Optional.of(round) : Optional.empty(), findings.figures());
    }

    /** Books that were found to differ and have not been compared again for that long. */
    public List<ScrubRows.Book> findDueFindings(Duration age, int most) {
        return findings.due(housekeeping.now().minus(age), most);
    }

    /** See {@link Findings#record}. */
    public boolean recordFinding(Finding finding) {
        return findings.record(finding, housekeeping.now());
    }

    /** See {@link Findings#clear}. */
    public boolean clearFinding(long book) {
        return findings.clear(book);
    }

    /** See {@link HistoryRetention#find}. */
    public HistoryRetention.Part findLongHistories(long after, int most, Limits limits) {
        return histories.find(after, most, HistoryRetention.Bounds.due(limits, housekeeping.now()));
    }

    /** See {@link HistoryRetention#shorten}. */
    public boolean shortenHistory(long book, int most, Limits limits) {
        return histories.shorten(book, most, HistoryRetention.Bounds.of(limits, housekeeping.now()));
    }

    /** See {@link LookupRows#behind}. */
    public LookupRows.Walk findIndexesBehind(long after, int most) {
        return lookupRows.behind(after, most, indexing.version());
    }

    /** See {@link Indexing#step}. */
    public boolean deriveIndex(Owner owner, boolean asked) {
        return indexing.step(owner, asked, housekeeping.now());
    }

    /**
     * See {@link Indexing#removeOld}.
     *
     * @param readers how long a reader may be at entries
     */
    public boolean removeOldIndex(long book, Duration readers, int most) {
        return indexing.removeOld(book, housekeeping.now().minus(readers), most);
    }

    /** Removes what is wrong, and stores the tree; false if there was nothing to store. */
    public boolean saveTree(Unsaved unsaved) {
        if (unsaved.replaces()) {
            trees.remove(unsaved.book());
        }
        return unsaved.tree().filter(trees::save).isPresent();
    }

    /** See {@link StoredTrees#removeUnused}. */
    public OptionalLong removeUnusedTrees(long after, int most, long leastContacts) {
        return trees.removeUnused(after, most, leastContacts);
    }
}
