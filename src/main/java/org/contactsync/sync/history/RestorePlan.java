package org.contactsync.sync.history;

import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.RestorePreview;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.UploadPlan;

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

    /** What a user is told before it is done. */
    public RestorePreview preview() {
        return new RestorePreview(state.seq(), state.code(), count, puts, deletes, uids(true), uids(false));
    }

    private List<Uid> uids(boolean put) {
        return first.stream()
                .filter(difference -> difference.past().isPresent() == put)
                .map(Difference::uid)
                .toList();
    }

    /** The upload that makes the changes of all chunks, from the book with that code. */
    public UploadPlan upload(CheckCode before) {
        return new UploadPlan(TaskKind.CHANGES, before, chunks, total(), Optional.of(state.code()), true);
    }

    /** The same without its differences, which are many in a plan that is kept for long. */
    public RestorePlan withoutList() {
        return new RestorePlan(state, count, puts, deletes, chunks, List.of());
    }
}
