package org.contactsync.faults;

import java.util.function.LongSupplier;

/** Somebody who uses the service during a run. One thread at a time. */
interface Client {
    /** Works until the time is over, which may be set meanwhile. */
    void run(LongSupplier until);

    /** When all faults are over: finds out what came of everything, until the time is over. */
    void end(long until);
}
