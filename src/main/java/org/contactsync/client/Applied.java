package org.contactsync.client;

import jakarta.json.JsonObject;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.SyncResult;
import org.contactsync.protocol.json.AnswerReader;

/**
 * The result of a task that was done.
 *
 * @param checkCode the second check code
 * @param missed what others had changed before, when the task was applied on top of it
 */
record Applied(CheckCode checkCode, long seq, Optional<MissedChanges> missed) {
    static Applied of(JsonObject json) {
        SyncResult result = AnswerReader.syncResult(json);
        return new Applied(
                result.checkCode(),
                result.seq(),
                result.rebased() ? Optional.of(MissedChanges.of(result.missed())) : Optional.empty());
    }
}
