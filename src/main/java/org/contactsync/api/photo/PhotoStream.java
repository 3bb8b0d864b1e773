package org.contactsync.api.photo;

import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.log.FailureLog;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoCheck;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.photo.Photos;
import org.contactsync.photo.StoredPiece;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/**
 * The bytes of a photo, piece by piece: each is read with its own place and time limit, and written before the next one is read. If the first
 * one is missing or wrong, that is the answer; if a later one is, the connection is cut.
 */
final class PhotoStream implements StreamingOutput {
    private static final FailureLog LOG = FailureLog.of(PhotoStream.class);

    private final Owner owner;
    private final long book;
    private final Photo photo;
    private final Photos photos;
    private final PhotoObjects objects;
    private final ReadingPlaces readings;
    private final PhotoPlaces places;
    private final Runnable cut;

    PhotoStream(
            Owner owner,
            long book,
            Photo photo,
            Photos photos,
            PhotoObjects objects,
            ReadingPlaces readings,
            PhotoPlaces places,
            Runnable cut) {
        this.owner = owner;
        this.book = book;
        this.photo = photo;
        this.photos = photos;
        this.objects = objects;
        this.readings = readings;
        this.places = places;
        this.cut = cut;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        places.send(owner, () -> {
            // Refused as a problem if there is no place: nothing has been written.
            PhotoCheck check = new PhotoCheck(photo);
            byte[] first = piece(check, 0);
            try {
                out.write(first);
                for (int number = 1; number < photo.pieces(); number++) {
                    out.write(piece(check, number));
                }
            } catch (Throwable e) {
                // Errors too: what is not whole must not look whole.
                cut.run();
                throw e;
            }
        });
    }

    private byte[] piece(PhotoCheck check, int number) {
        Supplier<Optional<StoredPiece>> find = () -> photos.piece(book, photo.digest(), number);
        // An object is read without a place: its store may be slow.
        byte[] piece = readings.run(owner, find).flatMap(objects::read).orElseThrow(PhotoStream::notHere);
        if (!check.isNext(piece)) {
            LOG.error("the bytes of a photo are not those that were stored", () -> "piece=" + number);
            throw notHere();
        }
        return piece;
    }

    private static ProblemException notHere() {
        return ProblemException.of(ProblemType.NOT_FOUND, "the bytes of this photo are not here");
    }
}
