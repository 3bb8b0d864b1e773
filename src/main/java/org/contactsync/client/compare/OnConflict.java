package org.contactsync.client.compare;

/** What to do with a contact that both the phone and another device have changed since they last agreed. */
public enum OnConflict {
    /** The phone book's version is sent; the other one is written to a file of conflicts first. */
    FILE,
    /** The other device's version stays on the server. */
    SERVER,
    /** Nothing is sent as long as there is such a contact. */
    STOP
}
