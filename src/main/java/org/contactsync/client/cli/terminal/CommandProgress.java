package org.contactsync.client.cli.terminal;

import org.contactsync.client.http.Progress;

/** Progress that is shown until the command prints something else. */
public interface CommandProgress extends Progress, AutoCloseable {
    /** Shows nothing. */
    CommandProgress QUIET = new CommandProgress() {};

    /** What was shown for the moment is gone from the screen. */
    @Override
    default void close() {}
}
