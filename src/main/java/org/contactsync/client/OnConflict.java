package org.contactsync.client;

/** What becomes of a contact that was changed in the phone book and by another device since they last agreed. */
public enum OnConflict {
    /** The phone book's version is sent; the other one is written to a {@link ConflictFile} first. */
    FILE,
    /** The other device's version stays on the server. */
    SERVER,
    /** Nothing is sent as long as there is such a contact. */
    STOP
}
