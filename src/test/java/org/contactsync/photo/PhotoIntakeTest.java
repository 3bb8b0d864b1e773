package org.contactsync.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A photo comes in parts of any size, is cut into pieces, and is what its name says. */
class PhotoIntakeTest {
    private final List<byte[]> pieces = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16 * 1024, 300_000, 1_000_000})
    void piecesAreTheSameWhateverPartsTheBytesComeIn(int part) {
        byte[] photo = Pictures.jpeg(2 * Photo.PIECE + 5, 1);

        Photo taken = take(photo, Pictures.digest(photo), part);

        assertThat(taken).isEqualTo(new Photo(Pictures.digest(photo), PhotoType.JPEG, photo.length));
        assertThat(taken.pieces()).isEqualTo(3);
        assertThat(pieces).extracting(each -> each.length).containsExactly(Photo.PIECE, Photo.PIECE, 5);
        assertThat(joined()).isEqualTo(photo);
    }

    @Test
    void aPhotoOfWholePiecesHasNoEmptyOne() {
        byte[] photo = Pictures.jpeg(Photo.PIECE, 2);

        assertThat(take(photo, Pictures.digest(photo), 4_096).pieces()).isEqualTo(1);
        assertThat(pieces).hasSize(1);
    }

    @Test
    void otherBytesThanTheNameSaysAreRefused() {
        byte[] photo = Pictures.jpeg(1_000, 3);

        assertThatThrownBy(() -> take(photo, Pictures.digest(Pictures.jpeg(1_000, 4)), 100))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(ProblemType.DIGEST_MISMATCH));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "<svg xmlns='http://www.w3.org/2000/svg'/>",
                "<html><script>alert(1)</script>",
                "%PDF-1.7 and more",
                "RIFF0000WAVEfmt ",
                "GIF88a and more",
                "BM and a bitmap of Windows"
            })
    void anythingButAPictureIsRefused(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> take(bytes, Pictures.digest(bytes), 5))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(ProblemType.UNSUPPORTED_MEDIA_TYPE));
        assertThat(pieces).isEmpty();
    }

    /** Long before its end, so that nobody sends 10 MiB for nothing. */
    @Test
    void whatIsNoPictureIsRefusedAtItsBeginning() {
        PhotoIntake intake = new PhotoIntake(Pictures.digest(new byte[0]), (number, piece) -> pieces.add(piece));

        assertThatThrownBy(() -> intake.accept(new byte[PhotoType.START], PhotoType.START))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void formatsAreKnownByTheirFirstBytes() {
        Map<String, PhotoType> starts = Map.of(
                "\u00ff\u00d8\u00ff\u00e1 and more", PhotoType.JPEG,
                "\u0089PNG\r\n\u001a\n and more", PhotoType.PNG,
                "GIF87a and more", PhotoType.GIF,
                "GIF89a and more", PhotoType.GIF,
                "RIFF0000WEBPVP8 ", PhotoType.WEBP);

        starts.forEach((start, type) -> {
            assertThat(PhotoType.of(start.getBytes(StandardCharsets.ISO_8859_1)))
                    .as(start)
                    .contains(type);
            assertThat(PhotoType.ofMediaType(type.mediaType())).isEqualTo(type);
        });
        assertThat(PhotoType.of(new byte[] {(byte) 0xff, (byte) 0xd8})).isEmpty();
    }

    /** Protocol 4.27.2. */
    @Test
    void referencesAreFoundWhereverTheyAreInACard() {
        PhotoDigest one = Pictures.digest(new byte[] {1});
        PhotoDigest two = Pictures.digest(new byte[] {2});
        PhotoDigest none = Pictures.digest(new byte[] {3});
        String card = Pictures.card("nih:sha-256;nih:sha-256;" + two.hex(), one) + "nih:sha-256;"
                + none.hex().substring(1) + "nih:sha-256;"
                + none.hex().toUpperCase(java.util.Locale.ROOT) + "nih:sha-256";
        Set<PhotoDigest> found = new TreeSet<>();

        PhotoReferences.addTo(found, Set.of(one, two, none), card.getBytes(StandardCharsets.UTF_8));
        PhotoReferences.addTo(found, Set.of(one, two, none), new byte[0]);

        assertThat(found).containsExactlyInAnyOrder(one, two);
        found.clear();
        PhotoReferences.addTo(found, Set.of(two), card.getBytes(StandardCharsets.UTF_8));
        assertThat(found).as("others do not matter").containsExactly(two);
    }

    private Photo take(byte[] bytes, PhotoDigest digest, int part) {
        PhotoIntake intake = new PhotoIntake(digest, (number, piece) -> {
            assertThat(number).isEqualTo(pieces.size());
            pieces.add(piece);
        });
        for (int from = 0; from < bytes.length; from += part) {
            byte[] next = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + part));
            intake.accept(next, next.length);
            assertThat(intake.held()).isLessThan(Photo.PIECE);
        }
        return intake.complete();
    }

    private byte[] joined() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
