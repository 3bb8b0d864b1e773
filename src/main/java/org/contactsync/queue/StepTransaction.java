package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.FeedMarks;
import org.contactsync.sync.FeedMarks.Aged;
import org.contactsync.sync.FeedRetention;
import org.contactsync.sync.FeedRetention.Place;
import org.contactsync.sync.GivenUpTasks;
import org.contactsync.sync.GivenUpTasks.Owned;
import org.contactsync.sync.Housekeeping;
import org.contactsync.sync.Replies;
import org.contactsync.sync.Step;
import org.contactsync.sync.Step.ApplyChanges;
import org.contactsync.sync.SyncEngine;

/** The one place where transactions start: each method is one, committed when it returns, rolled back when it throws. */
@ApplicationScoped
@Transactional(value = TxType.REQUIRES_NEW, rollbackOn = Exception.class)
@SuppressWarnings("NullAway.Init") // filled by the container
public class StepTransaction {
    private SyncEngine engine;
    private Housekeeping housekeeping;
    private GivenUpTasks givenUp;
    private FeedMarks marks;
    private FeedRetention feeds;

    /** For the container's proxy. */
    protected StepTransaction() {}

    @Inject
    public StepTransaction(
            SyncEngine engine, Housekeeping housekeeping, GivenUpTasks givenUp, FeedMarks marks, FeedRetention feeds) {
        this.engine = engine;
        this.housekeeping = housekeeping;
        this.givenUp = givenUp;
        this.marks = marks;
        this.feeds = feeds;
    }

    public Replies run(Step step, boolean earlierTried) {
        return engine.run(step, earlierTried);
    }

    public Replies runNow(Step step) {
        return engine.runNow(step);
    }

    public Replies runNextWaiting(Owner owner) {
        return engine.runNextWaiting(owner);
    }

    public Replies waitingFailed(Owner owner, TaskId task) {
        return engine.waitingFailed(owner, task);
    }

    public Replies parkFromRequest(ApplyChanges step) {
        return engine.parkFromRequest(step);
    }

    /** Makes the owner's book when it is not there. */
    public void ensureBook(Owner owner) {
        engine.ensureBook(owner);
    }

    public Owned retryGivenUp(TaskId task) {
        return givenUp.retry(task);
    }

    public Owned dropGivenUp(TaskId task) {
        return givenUp.drop(task);
    }

    /** @param again how long an owner with a waiting task is left to the caller */
    public List<Owner> due(Duration again, int most) {
        Instant now = housekeeping.now();
        return housekeeping.due(now, now.plus(again), most);
    }

    public int removeGarbage(int most) {
        return housekeeping.removeGarbage(most);
    }

    public boolean compactStorage() {
        return housekeeping.compact();
    }

    public int forgetTasks(int most) {
        return housekeeping.forgetTasks(housekeeping.now(), most);
    }

    /** See {@link FeedMarks#mark}. */
    public OptionalLong markFeeds(long after, int most, Duration apart) {
        return marks.mark(after, most, housekeeping.now(), apart);
    }

    /** Marks of at least that age. */
    public List<Aged> agedFeeds(Duration age, int most) {
        return marks.aged(housekeeping.now().minus(age), most);
    }

    /** See {@link FeedRetention#step}. */
    public Optional<Place> shortenFeed(Aged mark, Optional<Place> place, int most) {
        return feeds.step(mark, place, most);
    }
}
