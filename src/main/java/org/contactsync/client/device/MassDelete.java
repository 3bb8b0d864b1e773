package org.contactsync.client.device;

/** Whether deletions look like an accident. */
final class MassDelete {
    /** The server's own rule (protocol 4.3.8): from this size on, deleting more than half needs a person. */
    private static final int GUARDED_BOOK = 20;

    private MassDelete() {}

    static boolean isSuspected(long deletes, long of) {
        return deletes > 0 && (of >= GUARDED_BOOK && 2 * deletes > of || deletes > 1 && deletes >= of);
    }
}
