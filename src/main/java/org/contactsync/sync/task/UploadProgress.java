package org.contactsync.sync.task;

import org.contactsync.checkcode.BookDigest;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.sync.book.BookState;

/**
 * How far an upload has come.
 *
 * @param generation under which its contacts are staged; 0 until the first chunk, and for {@code changes}
 * @param nextChunk from 1
 * @param received contacts or changes in the acknowledged chunks
 * @param staged digest of the book if the upload were committed now
 * @param puts contacts that a commit would add or change
 * @param deletes contacts that a commit would delete
 */
public record UploadProgress(
        UploadPlan plan, long generation, int nextChunk, long received, BookDigest staged, long puts, long deletes) {
    public static UploadProgress opened(UploadPlan plan) {
        return new UploadProgress(plan, 0, 1, 0, BookDigest.EMPTY, 0, 0);
    }

    /** The progress at the upload's turn: its starting point in the current book. */
    public UploadProgress started(BookState book) {
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

    public boolean complete() {
        return nextChunk == plan.chunks() + 1 && received == plan.contacts();
    }
}
