package org.contactsync.api.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.photo.MemoryObjects;
import org.contactsync.photo.ObjectName;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoType;
import org.contactsync.photo.Pictures;
import org.contactsync.photo.StoredPiece;
import org.contactsync.protocol.problem.ProblemException;
import org.junit.jupiter.api.Test;

/** A photo is lost if one of its objects is missing or wrong, and not if the store does not answer. */
class LostPhotosTest {
    private static final byte[] BYTES = Pictures.jpeg(Photo.PIECE + 1, 1);
    private static final Photo PHOTO = new Photo(Pictures.digest(BYTES), PhotoType.JPEG, BYTES.length);

    private final UUID upload = UUID.randomUUID();
    private final MemoryObjects objects = new MemoryObjects();

    @Test
    void nothingIsLostWhileAllIsThere() {
        putAll();

        assertThat(find()).isEmpty();
    }

    @Test
    void aMissingObjectIsALoss() {
        for (int number = 0; number < 2; number++) {
            putAll();
            objects.remove(new ObjectName(upload, number));
            assertThat(find()).contains(upload);
        }
    }

    @Test
    void anObjectOfOtherBytesIsALoss() {
        putAll();
        objects.put(new ObjectName(upload, 1), new byte[] {(byte) ~BYTES[Photo.PIECE]});
        assertThat(find()).contains(upload);

        putAll();
        objects.put(new ObjectName(upload, 0), new byte[] {1});
        assertThat(find()).contains(upload);
    }

    @Test
    void aStoreThatIsAwayHasLostNothing() {
        putAll();
        objects.setAway(true);

        assertThatThrownBy(this::find).isInstanceOf(ProblemException.class);
    }

    @Test
    void whatIsRemovedOrStoredAgainMeanwhileIsNotLost() {
        objects.put(new ObjectName(upload, 0), Arrays.copyOf(BYTES, Photo.PIECE));

        assertThat(LostPhotos.find(PHOTO, n -> n == 0 ? inStore(n) : Optional.empty(), objects))
                .isEmpty();
        assertThat(LostPhotos.find(
                        PHOTO, n -> n == 0 ? inStore(n) : Optional.of(new StoredPiece.Bytes(new byte[] {1})), objects))
                .isEmpty();
    }

    private void putAll() {
        objects.put(new ObjectName(upload, 0), Arrays.copyOf(BYTES, Photo.PIECE));
        objects.put(new ObjectName(upload, 1), Arrays.copyOfRange(BYTES, Photo.PIECE, BYTES.length));
    }

    private Optional<UUID> find() {
        return LostPhotos.find(PHOTO, this::inStore, objects);
    }

    private Optional<StoredPiece> inStore(int number) {
        return Optional.of(new StoredPiece.InStore(new ObjectName(upload, number), MemoryObjects.PLACE));
    }
}
