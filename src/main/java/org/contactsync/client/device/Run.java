package org.contactsync.client.device;

import java.time.Clock;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.local.LocalDatabase;
import org.contactsync.contact.Uid;

/** What the parts of one task share. For one thread. */
final class Run {
    private static final Logger LOG = Logger.getLogger("org.contactsync.client");

    final LocalDatabase database;
    final SyncOptions options;
    final SyncReport.Counts counts = new SyncReport.Counts();
    private final Clock clock;
    private final Consumer<SyncEvent> tell;

    Run(LocalDatabase database, SyncOptions options, Clock clock, Consumer<SyncEvent> tell) {
        this.database = database;
        this.options = options;
        this.clock = clock;
        this.tell = tell;
    }

    RecentDeletes recentDeletes(boolean onPhone) {
        return onPhone ? RecentDeletes.onPhone(database, clock) : RecentDeletes.onServer(database, clock);
    }

    void done(Step step) {
        tell.accept(new SyncEvent.StepDone(step));
    }

    void climb(Rung rung) {
        counts.rungs.merge(rung, 1, Integer::sum);
        LOG.log(Level.INFO, "check codes differ: rung={0}", rung);
        tell.accept(new SyncEvent.Climbed(rung));
    }

    /** Keeps a card that gives way, in the transaction of the merge. */
    void keepLoser(Uid uid, CanonicalCard card, boolean ofPhone) {
        counts.conflicts++;
        database.conflicts().add(uid, card, ofPhone, clock.millis());
        tell.accept(new SyncEvent.Conflicted(uid));
    }
}
