package org.contactsync.vcard;

/** The file is not a readable contact book. The message tells the user why, and what to do. */
public final class UnreadableBook extends Exception {
    private static final long serialVersionUID = 1;

    public UnreadableBook(String message) {
        super(message);
    }
}
