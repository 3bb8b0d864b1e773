package org.contactsync.faults;

/** The machine does not have, or does not allow, what a fault needs: the message says what. */
final class NotPermitted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPermitted(String why) {
        super(why);
    }
}
