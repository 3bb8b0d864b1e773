package org.contactsync.store.row;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.contactsync.contact.Uid;

/** The primary key of {@link ContactRow}. */
@SuppressWarnings("NullAway.Init") // filled by JPA
public class ContactKey implements Serializable {
    private static final long serialVersionUID = 1L;

    private long bookId;
    private long generation;
    private byte[] uid;

    protected ContactKey() {}

    public ContactKey(long bookId, long generation, Uid uid) {
        this.bookId = bookId;
        this.generation = generation;
        this.uid = uid.utf8();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContactKey key
                && bookId == key.bookId
                && generation == key.generation
                && Arrays.equals(uid, key.uid);
    }

    @Override
    public int hashCode() {
        return Objects.hash(bookId, generation, Arrays.hashCode(uid));
    }
}
