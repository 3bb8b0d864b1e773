package org.contactsync.client.http;

/** The largest answer that is read, so that no server can fill the memory of this machine. */
public enum AnswerSize {
    /** About one thing: a book's state, a task, an acknowledgement, a refusal that names a thousand contacts. */
    USUAL(4),
    /** One page of contacts or of changes: 4 MiB of cards, or one card, and what stands around them. */
    PAGE(16),
    /** Uids and hashes of a whole book: 200,000 of them in an answer that is not paged. */
    ENTRIES(96),
    /** A whole book as a file. */
    FILE(512),
    /** A whole account. It is not kept in memory. */
    ARCHIVE(2_047);

    private final int bytes;

    AnswerSize(int mebibytes) {
        this.bytes = mebibytes << 20;
    }

    int bytes() {
        return bytes;
    }
}
