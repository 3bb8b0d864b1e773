package org.contactsync.sync;

import org.contactsync.checkcode.BookDigest;
import org.contactsync.protocol.UploadPlan;

/**
 * How far an upload has come.
 *
 * @param generation that its contacts are staged under; 0 until the first chunk, and for {@code changes}
 * @param nextChunk from 1
 * @param received contacts or changes in the chunks acknowledged
 * @param staged what the book would come to at a commit now
 * @param puts contacts that a commit would add or change
 * @param deletes contacts that a commit would delete
 */
public record UploadProgress(
        UploadPlan plan, long generation, int nextChunk, long received, BookDigest staged, long puts, long deletes) {
    static UploadProgress opened(UploadPlan plan) {
        return new UploadProgress(plan, 0, 1, 0, BookDigest.EMPTY, 0, 0);
    }

    /** When its turn has come: the starting point against the book as it is. */
    UploadProgress started(BookState book) {
        boolean replaces = plan.kind().replacesBook();
        return new UploadProgress(
                plan,
                replaces ? book.lastGeneration() : 0,
                1,
                0,
                replaces ? BookDigest.EMPTY : book.digest(),
                0,
                replaces ? book.digest().count() : 0);
    }

    boolean complete() {
        return nextChunk == plan.chunks() + 1 && received == plan.contacts();
    }
}
