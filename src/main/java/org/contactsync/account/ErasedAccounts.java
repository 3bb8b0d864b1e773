package org.contactsync.account;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.contactsync.protocol.Owner;

/** Erases accounts. Each method needs its own transaction. Any number of instances may do so at once. */
public interface ErasedAccounts {
    /**
     * Rows that somebody adds who had read of the book before it was erased are removed after this time: longer than any transaction of the
     * service takes.
     */
    Duration AFTERWARDS = Duration.ofMinutes(15);

    /**
     * Removes the owner's book, so that nobody finds anything of it any more, and everything of it that somebody looks for without the book:
     * waiting tasks, uploads, deliveries. Waits for whoever has the book's lock.
     *
     * @return the id that the rest of its rows still have; empty if the owner has no book
     */
    OptionalLong erase(Owner owner, Instant now);

    /** Erased books that may still have rows, {@code most} at most. */
    List<Long> due(Instant now, int most);

    /**
     * Removes rows of an erased book, {@code most} at most.
     *
     * @return whether there are more
     */
    boolean removeSome(long book, int most, Instant now);
}
