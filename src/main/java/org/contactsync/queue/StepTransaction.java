package org.contactsync.queue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
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

    /** For the container's proxy. */
    protected StepTransaction() {}

    @Inject
    public StepTransaction(SyncEngine engine, Housekeeping housekeeping, GivenUpTasks givenUp) {
        this.engine = engine;
        this.housekeeping = housekeeping;
        this.givenUp = givenUp;
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
}
