package org.contactsync.client.local;

import java.util.Arrays;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.Sha256;

/** A short digest of a card, only to see whether it has changed. */
public final class Tag {
    private static final int BYTES = 16;

    private final byte[] bytes;

    Tag(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Tag of(CanonicalCard card) {
        return new Tag(Arrays.copyOf(Sha256.digest(card.utf8()), BYTES));
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tag tag && Arrays.equals(bytes, tag.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Tag";
    }
}
