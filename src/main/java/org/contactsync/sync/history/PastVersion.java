package org.contactsync.sync.history;

import org.contactsync.sync.book.StoredContact;

/**
 * A contact as it was until a task replaced or deleted it.
 *
 * @param contact with the sequence number and the device that wrote it
 * @param until the book's sequence number after the task that ended it
 */
public record PastVersion(StoredContact contact, long until) {
    public PastVersion {
        if (contact.now().isEmpty()) {
            throw new IllegalArgumentException("no version of a contact: until=" + until);
        }
    }
}
