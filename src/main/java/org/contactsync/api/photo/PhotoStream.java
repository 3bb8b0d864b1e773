package org.contactsync.api.photo;

import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.photo.Photo;
import org.contactsync.photo.Photos;
import org.contactsync.protocol.Owner;

/**
 * The bytes of a photo, piece by piece: each is read with its own place and time limit, and written before the next one is read. If one is
 * missing, the connection is cut.
 */
final class PhotoStream implements StreamingOutput {
    private final Owner owner;
    private final long book;
    private final Photo photo;
    private final Photos photos;
    private final ReadingPlaces readings;
    private final PhotoPlaces places;
    private final Runnable cut;

    PhotoStream(
            Owner owner,
            long book,
            Photo photo,
            Photos photos,
            ReadingPlaces readings,
            PhotoPlaces places,
            Runnable cut) {
        this.owner = owner;
        this.book = book;
        this.photo = photo;
        this.photos = photos;
        this.readings = readings;
        this.places = places;
        this.cut = cut;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        places.send(owner, () -> {
            // Refused as a problem if there is no place: nothing has been written.
            byte[] first = piece(0);
            try {
                out.write(first);
                for (int number = 1; number < photo.pieces(); number++) {
                    out.write(piece(number));
                }
            } catch (Throwable e) {
                // Errors too: what is not whole must not look whole.
                cut.run();
                throw e;
            }
        });
    }

    private byte[] piece(int number) throws IOException {
        Supplier<Optional<byte[]>> read = () -> photos.piece(book, photo.digest(), number);
        return readings.run(owner, read).orElseThrow(() -> new IOException("the photo was removed while it was sent"));
    }
}
