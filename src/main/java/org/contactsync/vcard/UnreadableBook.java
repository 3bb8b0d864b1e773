package org.contactsync.vcard;

/** A file that must not be taken for a contact book: the message says why, and what to do, to a person. */
public final class UnreadableBook extends Exception {
    private static final long serialVersionUID = 1;

    public UnreadableBook(String message) {
        super(message);
    }
}
