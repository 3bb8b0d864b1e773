package org.contactsync.api.photo;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoCheck;
import org.contactsync.photo.PhotoDigest;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.photo.Photos;
import org.contactsync.photo.StoredPiece;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;

/** Finds out whether the store outside of the database still has the bytes of a photo. */
@Dependent
public class LostPhotos {
    private final Photos photos;
    private final PhotoObjects objects;
    private final ReadingPlaces readings;
    private final PhotoPlaces places;

    @Inject
    public LostPhotos(Photos photos, PhotoObjects objects, ReadingPlaces readings, PhotoPlaces places) {
        this.photos = photos;
        this.objects = objects;
        this.readings = readings;
        this.places = places;
    }

    /**
     * Reads all of the photo, as if it were sent to its user. The database loses nothing: a photo in it is not read.
     *
     * @return the upload whose objects are missing or wrong; empty if nothing is
     * @throws ProblemException {@code unavailable} if the store does not answer, and those of {@link PhotoPlaces#read}
     */
    Optional<UUID> find(Owner owner, long book, PhotoDigest digest) {
        Optional<Photo> photo = readings.run(owner, () -> photos.find(book, digest));
        IntFunction<Optional<StoredPiece>> pieces = n -> readings.run(owner, () -> photos.piece(book, digest, n));
        boolean outside = pieces.apply(0)
                .filter(piece -> piece instanceof StoredPiece.InStore)
                .isPresent();
        return outside ? photo.flatMap(it -> places.read(owner, () -> find(it, pieces, objects))) : Optional.empty();
    }

    /** The same, of a photo with these pieces. */
    static Optional<UUID> find(Photo photo, IntFunction<Optional<StoredPiece>> pieces, PhotoObjects objects) {
        PhotoCheck check = new PhotoCheck(photo);
        for (int number = 0; number < photo.pieces(); number++) {
            Optional<StoredPiece> piece = pieces.apply(number);
            if (piece.isEmpty() || !(piece.get() instanceof StoredPiece.InStore inStore)) {
                // It was removed, or stored again, meanwhile.
                return Optional.empty();
            }
            if (objects.read(inStore).filter(check::isNext).isEmpty()) {
                return Optional.of(inStore.name().upload());
            }
        }
        return Optional.empty();
    }
}
