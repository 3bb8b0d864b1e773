package org.contactsync.protocol.outcome;

import org.contactsync.protocol.problem.Problem;

/** The outcome of a request. The edge turns it into an answer with a status and a text. */
public sealed interface Outcome {
    /** The task is done. */
    record Applied(SyncResult result) implements Outcome {}

    /** The task has a row and will run. The client can ask for its outcome. */
    record Accepted(TaskView task) implements Outcome {}

    /** The upload is open. */
    record Opened(TaskView task) implements Outcome {}

    /** The chunk is staged. */
    record Acknowledged(ChunkAck chunk) implements Outcome {}

    /** The task is cancelled. The answer has no content. */
    record Gone() implements Outcome {}

    /** Nothing was changed. */
    record Refused(Problem problem) implements Outcome {}

    /** An answer that already exists: a stored one, or one from another instance. It is sent unchanged, byte for byte. */
    record Told(Answer answer) implements Outcome {}
}
