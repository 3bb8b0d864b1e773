package org.contactsync.queue;

import java.time.Duration;

/** How a request waits for the outcome of an incremental sync. */
public sealed interface Wait {
    /** For the outcome, up to a limit; a task that has to wait for its turn is answered 202 at once. */
    record Briefly(Duration most) implements Wait {}

    /** For the outcome, up to a limit, including the wait for its turn. */
    record UntilDone(Duration most) implements Wait {}

    /** Not at all. */
    record NotAtAll() implements Wait {}
}
