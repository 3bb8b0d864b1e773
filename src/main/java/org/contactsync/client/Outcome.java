package org.contactsync.client;

import java.util.Optional;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.remote.Applied;
import org.contactsync.client.remote.MissedChanges;

/** The outcome of sending one task. */
public sealed interface Outcome {
    /** The server has applied it. */
    record Done(Applied applied) implements Outcome {}

    /** The server's book is not what this client thought: compare, then try again. */
    record Moved(Optional<MissedChanges> missed) implements Outcome {}

    /** The server refuses it for good. */
    record Stopped(ServerProblem problem) implements Outcome {}
}
