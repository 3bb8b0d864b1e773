package org.contactsync.client.device;

/** Whether deletions look like an accident. */
final class MassDelete {
    /** The server's own rule (protocol 4.3.8): from this size on, deleting more than half needs a person. */
    private static final int GUARDED_BOOK = 20;

    private MassDelete() {}

    static boolean isSuspected(long deletes, long of) {
        return isSuspected(deletes, of, 0);
    }

    /** @param recent that were deleted before, and are not among the others */
    static boolean isSuspected(long deletes, long of, long recent) {
        boolean most = of + recent >= GUARDED_BOOK && 2 * (deletes + recent) > of + recent;
        return deletes > 0 && (most || deletes > 1 && deletes >= of);
    }
}
