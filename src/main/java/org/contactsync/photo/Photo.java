package org.contactsync.photo;

/**
 * A stored photo without its bytes.
 *
 * @param bytes how many it has
 */
public record Photo(PhotoDigest digest, PhotoType type, long bytes) {
    /** Bytes of a piece, in which photos are stored and sent; the last one may have fewer. */
    public static final int PIECE = 256 * 1024;

    /** What a photo counts as besides its bytes, in the quota of its user: so tiny photos are bounded too. */
    public static final int ROW = 4 * 1024;

    public Photo {
        if (bytes < 1) {
            throw new IllegalArgumentException("a photo has at least 1 byte, not " + bytes);
        }
    }

    /** How many pieces it has. */
    public int pieces() {
        return (int) ((bytes + PIECE - 1) / PIECE);
    }
}
