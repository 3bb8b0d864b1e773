package org.contactsync.client.cli;

import org.contactsync.client.Progress;

/** Progress that is shown until the command prints something else. */
interface CommandProgress extends Progress, AutoCloseable {
    /** Shows nothing. */
    CommandProgress QUIET = new CommandProgress() {};

    /** What was shown for the moment is gone from the screen. */
    @Override
    default void close() {}
}
