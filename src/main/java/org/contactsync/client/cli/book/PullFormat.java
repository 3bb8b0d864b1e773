package org.contactsync.client.cli.book;

/** What {@code pull} writes. */
enum PullFormat {
    JSON,
    VCARD,
    /** A folder with a vCard in each file. */
    VDIR
}
