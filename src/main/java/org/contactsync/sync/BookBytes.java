package org.contactsync.sync;

import java.util.Optional;
import org.contactsync.contact.CardProfile;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Problem;
import org.contactsync.protocol.ProblemType;

/**
 * How many bytes the cards of a book may have (protocol 6.1 maxBookBytes). The book's row says how many they are; those of a
 * book that an earlier version has written since are counted when they could be too many. One transaction, the caller's, at
 * one time; thread-safe.
 */
final class BookBytes {
    private final Contacts contacts;
    private final Limits limits;

    BookBytes(Contacts contacts, Limits limits) {
        this.contacts = contacts;
        this.limits = limits;
    }

    /**
     * The book with its bytes when they have to be known.
     *
     * @param count contacts that it would have
     */
    BookState counted(BookState book, long count) {
        boolean mayBeTooMany = count * CardProfile.MAX_CARD_BYTES > limits.bookBytes();
        return book.cardBytes().isEmpty() && mayBeTooMany
                ? book.counted(contacts.cardBytes(book.id(), book.generation()))
                : book;
    }

    /** Why a counted book cannot take so many bytes more. */
    Optional<Problem> deny(BookState counted, long growth) {
        return growth > 0 && counted.cardBytes().orElse(0) + growth > limits.bookBytes()
                ? Optional.of(full("the cards of a book have at most " + limits.bookBytes() + " bytes"))
                : Optional.empty();
    }

    static Problem full(String detail) {
        return new Problem.Plain(ProblemType.BOOK_FULL, detail);
    }
}
