package org.contactsync.protocol.problem;

import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Missed;

/**
 * A problem as a client reads it. A newer server may have types that this version does not know. All texts come from the server:
 * treat them as untrusted.
 *
 * @param status the member {@code status}; 0 when there is none
 * @param code the last part of its type, e.g. {@code check-code-mismatch}
 * @param detail what was wrong, one sentence
 * @param next what to do, one sentence; may be empty
 * @param contacts that the problem names; empty when it is about something else
 * @param position of the task in the queue; 0 when the problem does not tell
 * @param expectedChunk the number of the chunk that the server expects; 0 when the problem does not tell
 * @param task the id of the task that the problem names; empty when it names none
 * @param missed what others changed since the code that the client named; empty when the problem does not tell, or not readably
 */
public record ReceivedProblem(
        int status,
        String code,
        String detail,
        String next,
        List<FaultyContact> contacts,
        int position,
        int expectedChunk,
        Optional<String> task,
        Optional<Missed> missed) {
    /**
     * A contact that the server found fault with.
     *
     * @param pointer the place in it, a JSON pointer; may be empty
     * @param detail what is wrong; of a {@code sync-loop} the other device; may be empty
     */
    public record FaultyContact(String uid, String pointer, String detail) {}

    public ReceivedProblem {
        contacts = List.copyOf(contacts);
    }
}
