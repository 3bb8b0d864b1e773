package org.contactsync.photo;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Finds the photos that cards refer to: wherever in a card the URI of a photo is, so rather one too many than one too few. */
public final class PhotoReferences {
    private static final byte[] PREFIX = PhotoDigest.URI_PREFIX.getBytes(StandardCharsets.US_ASCII);

    private PhotoReferences() {}

    /**
     * Adds what the canonical card refers to.
     *
     * @param of the photos that matter: a card may name thousands that do not exist
     */
    public static void addTo(Set<PhotoDigest> found, Set<PhotoDigest> of, byte[] card) {
        int last = card.length - PREFIX.length - PhotoDigest.DIGITS;
        for (int at = 0; at <= last; at++) {
            if (card[at] == PREFIX[0] && isPrefix(card, at)) {
                String digits = new String(card, at + PREFIX.length, PhotoDigest.DIGITS, StandardCharsets.ISO_8859_1);
                PhotoDigest.parse(digits).filter(of::contains).ifPresent(found::add);
            }
        }
    }

    private static boolean isPrefix(byte[] card, int at) {
        for (int i = 1; i < PREFIX.length; i++) {
            if (card[at + i] != PREFIX[i]) {
                return false;
            }
        }
        return true;
    }
}
