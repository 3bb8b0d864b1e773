package org.contactsync.faults;

/** What a client knows of an operation. */
sealed interface Outcome {
    /**
     * It was applied, as the answer says.
     *
     * @param seq of the book after it
     * @param checkCode of the book after it
     * @param count of contacts after it
     */
    record Ok(String task, long seq, String checkCode, long count, int puts, int deletes, boolean rebased)
            implements Outcome {
        /** Whether the book is another one than before; a full upload always starts a new one. */
        boolean changed(Operation.Kind kind) {
            return puts + deletes > 0 || kind.replaces();
        }
    }

    /** It was refused, cancelled, superseded or has expired: it must have no effect, now and later. */
    record Failed(String why) implements Outcome {}

    /** It may have been applied, or may be applied yet. */
    record Unknown(String why) implements Outcome {}
}
