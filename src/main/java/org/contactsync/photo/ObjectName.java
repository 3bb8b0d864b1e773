package org.contactsync.photo;

import java.util.UUID;

/**
 * A piece of a photo that is kept outside of the database.
 *
 * @param upload the random id with which the photo was sent; says nothing of the user or the photo
 * @param number of the piece, from 0 on
 */
public record ObjectName(UUID upload, int number) {
    public ObjectName {
        if (number < 0) {
            throw new IllegalArgumentException("number: at least 0, not " + number);
        }
    }

    /** The name as text: lower-case letters, digits, {@code -} and {@code /}. */
    public String key() {
        return "photos/" + upload + "/" + number;
    }
}
