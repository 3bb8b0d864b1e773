package org.contactsync.client;

/** How large an answer may be: one that is larger is not read on, so that no server can fill this machine's memory. */
enum AnswerSize {
    /** About one thing: a book's state, a task, an acknowledgement, a refusal that names a thousand contacts. */
    USUAL(4),
    /** One page of contacts or of changes: 4 MiB of cards, or one card, and what stands around them. */
    PAGE(16),
    /** Uids and hashes of a whole book: 200,000 of them in an answer that is not paged. */
    ENTRIES(96);

    private final int bytes;

    AnswerSize(int mebibytes) {
        this.bytes = mebibytes << 20;
    }

    int bytes() {
        return bytes;
    }
}
