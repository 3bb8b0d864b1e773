package org.contactsync.queue.upkeep;

import java.util.List;
import org.contactsync.account.Sighting;
import org.contactsync.account.Sightings;
import org.contactsync.queue.work.AccountTransaction;

/** Writes down which devices were seen, and removes what is left of erased accounts. One thread at a time. */
final class AccountUpkeep {
    /** Sightings that one transaction writes: some ten milliseconds. */
    private static final int TOGETHER = 50;

    /** Transactions of one run. */
    private static final int STEPS = 10;

    /** Rows removed in one transaction. */
    private static final int ROWS = 1_000;

    private static final int ACCOUNTS = 20;

    /** Runs until users that were not seen for a while are forgotten: a minute. */
    private static final int OLD = 60;

    private final AccountTransaction transaction;
    private final Sightings sightings;
    private int runs;

    AccountUpkeep(AccountTransaction transaction, Sightings sightings) {
        this.transaction = transaction;
        this.sightings = sightings;
    }

    /** @param mayWrite whether there is room on the disk; what is not written is forgotten */
    void saveDevices(boolean mayWrite) {
        for (int i = 0; i < STEPS; i++) {
            List<Sighting> next = sightings.take(TOGETHER);
            if (!next.isEmpty() && mayWrite) {
                transaction.save(next);
            }
            if (next.size() < TOGETHER) {
                break;
            }
        }
        runs++;
        if (runs % OLD == 0) {
            sightings.removeOld();
        }
    }

    void removeErased() {
        int steps = 0;
        for (Long book : transaction.findErased(ACCOUNTS)) {
            boolean more = true;
            while (more && steps < STEPS) {
                more = transaction.removeErased(book, ROWS);
                steps++;
            }
        }
    }
}
