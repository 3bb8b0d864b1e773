package org.contactsync.protocol;

import java.util.List;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;

/**
 * What a restore of a book would do.
 *
 * @param seq of the state that is asked for
 * @param checkCode of that state
 * @param count contacts of that state
 * @param puts contacts that would be added or changed
 * @param deletes contacts that would be deleted
 * @param put the first of those that would be added or changed, in the order of their uids
 * @param deleted the first of those that would be deleted
 */
public record RestorePreview(
        long seq, CheckCode checkCode, long count, long puts, long deletes, List<Uid> put, List<Uid> deleted) {
    public RestorePreview {
        put = List.copyOf(put);
        deleted = List.copyOf(deleted);
    }

    /** Whether the lists have all contacts that would change. */
    public boolean complete() {
        return put.size() == puts && deleted.size() == deletes;
    }
}
