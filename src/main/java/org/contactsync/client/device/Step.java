package org.contactsync.client.device;

/** The steps of a task, as they are done. */
public enum Step {
    /** The address book was read, and is about to be taken in. */
    PHONE_READ,
    /** Its changes are in the local database. */
    PHONE_TAKEN_IN,
    /** The server's changes were read, and are about to be taken in. */
    SERVER_READ,
    /** They are in the local database. */
    SERVER_TAKEN_IN,
    /** What is about to be sent is in the local database. */
    OUTBOX_WRITTEN,
    /** The server has taken it, and the local database does not know that yet. */
    SENT,
    /** The local database knows. */
    COMMITTED,
    /** The phone was written to, and the local database does not know that yet. */
    PHONE_WRITTEN,
    /** The local database knows. */
    BROUGHT
}
