package org.contactsync.client.addressbook;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The phone's contact book. Called by one thread at a time; its listener may be called by any thread. */
public interface AddressBook {
    /**
     * Which book this is: another value for another phone, and for a book that was made anew; the same one at each call otherwise, also after an update of
     * the program. If it is another one than before, as when a backup of the program was restored on another phone, nothing that the client
     * knows of the book holds: contacts are recognised by their content, and nothing is deleted.
     *
     * @return empty: the book cannot tell. Then the client's state must not get to another phone
     */
    default Optional<String> identity() throws IOException {
        return Optional.empty();
    }

    /**
     * What may have changed. A contact that has not changed may be among it.
     *
     * @param marker of an earlier answer; empty: everything is wanted. A book that does not know it any more answers with everything
     * @throws IOException when the book cannot be read now; nothing is concluded from that
     */
    PhoneChanges changesSince(Optional<String> marker) throws IOException;

    /**
     * Makes edits, at most {@value #MOST_EDITS} at once.
     *
     * @return one result for each edit, in their order
     * @throws IOException when the book cannot be written now; edits may have been made
     */
    List<EditResult> write(List<Edit> edits) throws IOException;

    /**
     * Calls {@code changed} after each change that anybody makes, soon and at least once; calling it without need does no harm. A book
     * that cannot tell does nothing: the client looks from time to time anyway.
     *
     * @return ends it
     */
    default Watch watch(Runnable changed) throws IOException {
        return () -> {};
    }

    /** Edits of one {@link #write}. */
    int MOST_EDITS = 100;

    /** A watch that is going on. */
    @FunctionalInterface
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
