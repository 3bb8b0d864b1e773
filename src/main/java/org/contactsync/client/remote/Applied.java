package org.contactsync.client.remote;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.outcome.SyncResult;

/**
 * The result of a task that was done.
 *
 * @param checkCode the second check code
 * @param missed what others had changed before, when the task was applied on top of it
 */
public record Applied(CheckCode checkCode, long seq, Optional<MissedChanges> missed) {
    public static Applied of(SyncResult result) {
        return new Applied(
                result.checkCode(),
                result.seq(),
                result.rebased() ? Optional.of(MissedChanges.of(result.missed())) : Optional.empty());
    }
}
