package org.contactsync.events;

import java.util.Locale;

/** Why a stream of events ended. */
enum Ended {
    /** It did not read: its socket took no more. */
    DEAF,
    /** The client closed the connection, or it broke. */
    GONE,
    /** Its token is not accepted any more. */
    EXPIRED,
    /** The same device has opened another, and its user had as many as allowed. */
    REPLACED,
    /** The service stops. */
    STOPPING,
    /** The answer did not begin in time. */
    UNUSED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
