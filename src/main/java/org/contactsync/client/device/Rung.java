package org.contactsync.client.device;

/** What is done when the check codes differ, one after the other (protocol 11.6). */
public enum Rung {
    /** What others did in between is taken in, and the change is sent on top of it. */
    REBASE,
    /** What differs for an unknown reason is found by the digest tree. */
    TREE,
    /** The whole book is sent. */
    FULL_UPLOAD
}
