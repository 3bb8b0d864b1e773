package org.contactsync.photo;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.contactsync.checkcode.Sha256;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/**
 * Takes the bytes of one photo as they come: cuts them into pieces, computes their digest, and looks whether they are a picture at all.
 * Never holds more than one piece. For one thread.
 */
public final class PhotoIntake {
    private static final int FIRST = 16 * 1024;

    private final PhotoDigest expected;
    private final Pieces pieces;
    private final MessageDigest sha256 = Sha256.start();
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream(FIRST);
    private Optional<PhotoType> type = Optional.empty();
    private long received;
    private int number;

    /** Stores the pieces. */
    public interface Pieces {
        /** @param number from 0 on */
        void add(int number, byte[] piece);
    }

    /** @param expected the digest that the bytes must have */
    public PhotoIntake(PhotoDigest expected, Pieces pieces) {
        this.expected = expected;
        this.pieces = pieces;
    }

    /**
     * The next bytes.
     *
     * @throws ProblemException {@code unsupported-media-type} as soon as it is known that they are no picture
     */
    public void accept(byte[] bytes, int length) {
        sha256.update(bytes, 0, length);
        int from = 0;
        while (from < length) {
            int part = Math.min(length - from, Photo.PIECE - piece.size());
            piece.write(bytes, from, part);
            from += part;
            received += part;
            if (received >= PhotoType.START) {
                requirePicture();
            }
            if (piece.size() == Photo.PIECE) {
                store();
            }
        }
    }

    /** Bytes that are held now. */
    public int held() {
        return piece.size();
    }

    /**
     * After the last bytes.
     *
     * @throws ProblemException {@code unsupported-media-type} if they are no picture, {@code digest-mismatch} if they have another digest
     */
    public Photo complete() {
        PhotoType found = requirePicture();
        if (!PhotoDigest.of(sha256.digest()).equals(expected)) {
            throw ProblemException.of(
                    ProblemType.DIGEST_MISMATCH, "the body's SHA-256 is not the one in the path; nothing was stored");
        }
        if (piece.size() > 0) {
            store();
        }
        return new Photo(expected, found, received);
    }

    private void store() {
        pieces.add(number, piece.toByteArray());
        number++;
        piece.reset();
    }

    private PhotoType requirePicture() {
        type = type.or(() -> PhotoType.of(piece.toByteArray()));
        return type.orElseThrow(() -> ProblemException.of(
                ProblemType.UNSUPPORTED_MEDIA_TYPE, "a photo is a JPEG, PNG, GIF or WebP file; its first bytes tell"));
    }
}
