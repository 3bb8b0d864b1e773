package org.contactsync.protocol;

/**
 * Those limits of a server that a client plans with.
 *
 * @param chunkContacts contacts or changes in one request
 * @param chunkBytes bytes of one request body before compression
 * @param oneShotContacts up to so many changes one request is used
 * @param oneShotBytes up to so many bytes one request is used
 * @param chunks of one upload
 * @param waitSeconds the longest that the server lets a client wait
 * @param lostCards cards that lost a conflict in one request; 0 if the server does not take any
 */
public record Capabilities(
        int chunkContacts,
        int chunkBytes,
        int oneShotContacts,
        int oneShotBytes,
        int chunks,
        int waitSeconds,
        int lostCards) {
    public Capabilities {
        if (chunkContacts < 1 || chunkBytes < 1 || oneShotContacts < 1 || oneShotBytes < 1 || chunks < 1) {
            throw new IllegalArgumentException("capabilities: every limit is at least 1");
        }
    }
}
