package org.contactsync.client;

import jakarta.json.JsonObject;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;

/**
 * A task that was done.
 *
 * @param checkCode the second check code
 * @param missed what others had changed before, when the task was applied on top of it
 */
record Applied(CheckCode checkCode, long seq, Optional<MissedChanges> missed) {
    static Applied of(JsonObject json) {
        return new Applied(
                new CheckCode(json.getString("checkCode")),
                json.getJsonNumber("seq").longValueExact(),
                json.getBoolean("rebased", false) ? Optional.of(MissedChanges.in(json)) : Optional.empty());
    }
}
