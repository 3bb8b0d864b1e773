package org.contactsync.client;

import java.util.Optional;
import org.contactsync.client.state.Pending;

/** Where the task under way is kept, so that it survives the end of the process (protocol 7.3 and 11.3). For one thread at a time. */
public interface Journal {
    /** What an earlier run was sending; empty when its outcome is known. */
    Optional<Pending> pending();

    /** Returns when it is on the disk. */
    void keep(Pending pending);

    /** The outcome is known: nothing was applied. */
    void drop();
}
