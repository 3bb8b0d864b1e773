package org.contactsync.store;

import java.io.Serializable;
import java.util.Objects;

/** The primary key of {@link ContactRow}. */
@SuppressWarnings("NullAway.Init") // filled by JPA
class ContactKey implements Serializable {
    private static final long serialVersionUID = 1L;

    private long bookId;
    private long generation;
    private String uid;

    protected ContactKey() {}

    ContactKey(long bookId, long generation, String uid) {
        this.bookId = bookId;
        this.generation = generation;
        this.uid = uid;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContactKey key
                && bookId == key.bookId
                && generation == key.generation
                && Objects.equals(uid, key.uid);
    }

    @Override
    public int hashCode() {
        return Objects.hash(bookId, generation, uid);
    }
}
