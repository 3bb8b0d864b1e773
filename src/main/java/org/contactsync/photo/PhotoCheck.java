package org.contactsync.photo;

import java.security.MessageDigest;
import org.contactsync.checkcode.Sha256;

/**
 * Checks a photo as its pieces are read, so that nobody is sent something else under its name: a store outside of the database may return
 * anything. For one thread.
 */
public final class PhotoCheck {
    private final Photo photo;
    private final MessageDigest sha256 = Sha256.start();
    private int number;

    public PhotoCheck(Photo photo) {
        this.photo = photo;
    }

    /** Whether this may be the next piece: it has the right length and, if it is the last one, all have the photo's digest. */
    public boolean isNext(byte[] piece) {
        long left = photo.bytes() - (long) number * Photo.PIECE;
        if (piece.length != Math.min(left, Photo.PIECE)) {
            return false;
        }
        number++;
        sha256.update(piece);
        return number < photo.pieces() || PhotoDigest.of(sha256.digest()).equals(photo.digest());
    }
}
