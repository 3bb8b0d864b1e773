package org.contactsync.sync.history;

import java.util.List;

/**
 * What has to change so that a book is again what it was.
 *
 * @param state that is asked for
 * @param count contacts that it has
 * @param puts contacts to be added or changed
 * @param deletes contacts to be deleted
 * @param chunks that the changes fill; 0 if there are none
 * @param first the first differences; all if they are in one chunk
 */
public record RestorePlan(PastState state, long count, long puts, long deletes, int chunks, List<Difference> first) {
    public RestorePlan {
        first = List.copyOf(first);
    }

    /** Contacts that differ. */
    public long total() {
        return puts + deletes;
    }
}
