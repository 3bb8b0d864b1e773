package org.contactsync.queue.upkeep;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.contactsync.queue.work.StepTransaction;
import org.contactsync.sync.reading.BookTree;
import org.contactsync.sync.reading.TreeCounts;
import org.contactsync.sync.reading.UnsavedTrees;
import org.contactsync.sync.reading.UnsavedTrees.Unsaved;

/** Stores the digest trees that readings and the scrub have made, and removes those that nobody reads any more. One thread at a time. */
final class TreeUpkeep {
    /** Trees stored in one run: 640 KiB. */
    private static final int SAVED = 4;

    /** Trees that one step of the walk looks at: in H2 it reads them whole, 3 MiB. */
    private static final int WALKED = 20;

    private static final Duration APART = Duration.ofMinutes(1);

    /** A book with fewer contacts is not likely to have a stored tree read again. */
    private static final long LEAST_CONTACTS = BookTree.LEAST_CONTACTS / 2;

    private final StepTransaction transaction;
    private final UnsavedTrees unsaved;
    private final TreeCounts counts;
    private Instant next = Instant.MIN;
    private long seen;

    TreeUpkeep(StepTransaction transaction, UnsavedTrees unsaved, TreeCounts counts) {
        this.transaction = transaction;
        this.unsaved = unsaved;
        this.counts = counts;
    }

    /** Writes what waits, with its own transaction each. */
    void save() {
        for (int i = 0; i < SAVED; i++) {
            Optional<Unsaved> tree = unsaved.take();
            if (tree.isEmpty()) {
                return;
            }
            try {
                if (transaction.saveTree(tree.get())) {
                    counts.countStored();
                }
            } catch (RuntimeException e) {
                unsaved.giveBack(tree.get());
                throw e;
            }
        }
    }

    void removeUnused(Instant now) {
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(APART);
        OptionalLong last = transaction.removeUnusedTrees(seen, WALKED, LEAST_CONTACTS);
        seen = last.orElse(0);
    }
}
