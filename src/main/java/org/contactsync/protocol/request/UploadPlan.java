package org.contactsync.protocol.request;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.TaskKind;

/**
 * What a client announces before an upload in chunks.
 *
 * @param kind any but {@link TaskKind#INCREMENTAL}
 * @param checkBefore the first check code
 * @param chunks how many will come; 0 only together with no contacts
 * @param contacts how many contacts, or changes, in all chunks together
 */
public record UploadPlan(
        TaskKind kind,
        CheckCode checkBefore,
        int chunks,
        long contacts,
        Optional<CheckCode> checkAfter,
        boolean confirmDeletes) {
    public UploadPlan {
        if (kind == TaskKind.INCREMENTAL) {
            throw new IllegalArgumentException("kind: initial, replace or changes");
        }
        if (chunks < 0 || contacts < chunks || (chunks == 0 && contacts != 0)) {
            throw new IllegalArgumentException("contacts: at least one for each chunk, and none without chunks");
        }
    }
}
