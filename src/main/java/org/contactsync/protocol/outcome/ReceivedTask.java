package org.contactsync.protocol.outcome;

import java.util.Optional;
import java.util.regex.Pattern;
import org.contactsync.protocol.TaskState;
import org.contactsync.protocol.problem.ReceivedProblem;

/**
 * A sync task as a client reads it. A newer server may have kinds and states that this version does not know.
 *
 * @param kind empty when only the result is known
 * @param position in the user's queue; 0: its turn
 * @param nextChunk the number of the chunk that an upload expects, from 1; 1 for other tasks
 * @param result of a task that is done
 * @param problem of a task that failed
 */
public record ReceivedTask(
        String id,
        String kind,
        TaskState state,
        long position,
        int nextChunk,
        Optional<SyncResult> result,
        Optional<ReceivedProblem> problem) {
    /** It becomes a part of paths: nothing that could lead elsewhere. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    public ReceivedTask {
        if (!isId(id)) {
            throw new IllegalArgumentException("id: 1 to 64 letters, digits and hyphens");
        }
    }

    /** Whether a server's text can be a task's id. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }
}
