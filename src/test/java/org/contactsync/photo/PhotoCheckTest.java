package org.contactsync.photo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Only the bytes of a photo, all of them and in order, are sent under its name. */
class PhotoCheckTest {
    private static final byte[] BYTES = Pictures.jpeg(Photo.PIECE + 1_000, 1);
    private static final byte[] FIRST = Arrays.copyOf(BYTES, Photo.PIECE);
    private static final byte[] SECOND = Arrays.copyOfRange(BYTES, Photo.PIECE, BYTES.length);

    private final PhotoCheck check = new PhotoCheck(new Photo(Pictures.digest(BYTES), PhotoType.JPEG, BYTES.length));

    @Test
    void takesThePiecesInOrder() {
        assertThat(check.isNext(FIRST)).isTrue();
        assertThat(check.isNext(SECOND)).isTrue();
        assertThat(check.isNext(SECOND)).as("there are no more").isFalse();
    }

    @Test
    void refusesAPieceOfAnotherLength() {
        for (byte[] other : List.of(new byte[0], SECOND, Arrays.copyOf(FIRST, Photo.PIECE - 1))) {
            assertThat(check.isNext(other)).isFalse();
        }
        assertThat(check.isNext(FIRST)).isTrue();
        assertThat(check.isNext(Arrays.copyOf(SECOND, 1_001))).isFalse();
        assertThat(check.isNext(Arrays.copyOf(SECOND, 999))).isFalse();
    }

    @Test
    void refusesTheLastPieceIfOneBitIsAnother() {
        byte[] spoiled = FIRST.clone();
        spoiled[1_000] ^= 1;

        assertThat(check.isNext(spoiled)).isTrue();
        assertThat(check.isNext(SECOND)).isFalse();
    }

    @Test
    void checksAPhotoOfOnePiece() {
        byte[] small = Pictures.jpeg(100, 2);
        Photo photo = new Photo(Pictures.digest(small), PhotoType.JPEG, small.length);

        assertThat(new PhotoCheck(photo).isNext(small)).isTrue();
        assertThat(new PhotoCheck(photo).isNext(new byte[100])).isFalse();
    }
}
