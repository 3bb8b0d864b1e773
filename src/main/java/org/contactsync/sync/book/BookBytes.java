package org.contactsync.sync.book;

import java.util.Optional;
import org.contactsync.contact.CardProfile;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemType;

/**
 * Limits the bytes of a book's cards (protocol 6.1 maxBookBytes). The book's row contains the current number; if an earlier
 * version has written the book since, the bytes are counted when they could exceed the limit. Runs in the caller's
 * transaction; thread-safe.
 */
public final class BookBytes {
    private final Contacts contacts;
    private final Limits limits;

    public BookBytes(Contacts contacts, Limits limits) {
        this.contacts = contacts;
        this.limits = limits;
    }

    /**
     * The book, with its bytes if they have to be known.
     *
     * @param count contacts that the book would have
     */
    public BookState counted(BookState book, long count) {
        return mustCount(book, count) ? book.counted(contacts.cardBytes(book.id(), book.generation())) : book;
    }

    /** Whether {@link #counted} reads the cards. */
    public boolean mustCount(BookState book, long count) {
        boolean mayBeTooMany = count * CardProfile.MAX_CARD_BYTES > limits.bookBytes();
        return book.cardBytes().isEmpty() && mayBeTooMany;
    }

    /** The problem if a counted book cannot grow by so many bytes. */
    public Optional<Problem> deny(BookState counted, long growth) {
        return growth > 0 && counted.cardBytes().orElse(0) + growth > limits.bookBytes()
                ? Optional.of(full("the cards of a book have at most " + limits.bookBytes() + " bytes"))
                : Optional.empty();
    }

    public static Problem full(String detail) {
        return new Problem.Plain(ProblemType.BOOK_FULL, detail);
    }
}
