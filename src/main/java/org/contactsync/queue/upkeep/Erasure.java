package org.contactsync.queue.upkeep;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.OptionalLong;
import org.contactsync.account.Sightings;
import org.contactsync.log.FailureLog;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.work.AccountTransaction;

/** Erases an account, whoever asks for it. */
@Dependent
public class Erasure {
    private static final FailureLog LOG = FailureLog.of(Erasure.class);

    /** Rows removed in one transaction, while a request waits. */
    private static final int ROWS = 5_000;

    private final AccountTransaction transaction;
    private final Sightings sightings;

    @Inject
    public Erasure(AccountTransaction transaction, Sightings sightings) {
        this.transaction = transaction;
        this.sightings = sightings;
    }

    /**
     * Erases the owner's account; nobody finds anything of it when this returns. The rows of a large one are removed later if there is no
     * time left.
     *
     * @param most time for the removal of rows
     * @return whether no row is left
     */
    public boolean run(Owner owner, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        OptionalLong book = transaction.erase(owner);
        sightings.forget(owner);
        if (book.isEmpty()) {
            return true;
        }
        try {
            while (transaction.removeErased(book.getAsLong(), ROWS)) {
                if (System.nanoTime() - end >= 0) {
                    return false;
                }
            }
            return true;
        } catch (RuntimeException e) {
            LOG.warning("an erased account has rows left; the sweeper will remove them", e);
            return false;
        }
    }
}
