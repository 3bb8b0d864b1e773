package org.contactsync.protocol;

/** What a request came to. The answer of it, with its status and its text, is made at the edge. */
public sealed interface Outcome {
    /** The task is done. */
    record Applied(SyncResult result) implements Outcome {}

    /** The task has its row and will be run; what it comes to can be asked for. */
    record Accepted(TaskView task) implements Outcome {}

    /** The upload is open. */
    record Opened(TaskView task) implements Outcome {}

    /** The chunk is staged. */
    record Acknowledged(ChunkAck chunk) implements Outcome {}

    /** The task was taken back, and there is nothing more to say of it. */
    record Gone() implements Outcome {}

    /** Nothing was changed. */
    record Refused(Problem problem) implements Outcome {}

    /** What was told before, or in another instance: its answer is made already and stays as it is, to the last byte. */
    record Told(Answer answer) implements Outcome {}
}
