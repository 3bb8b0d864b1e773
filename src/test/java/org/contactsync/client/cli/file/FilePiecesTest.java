package org.contactsync.client.cli.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.contactsync.exchange.JsContactFile;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;
import org.junit.jupiter.api.Test;

/** Files that are too large for one request. */
class FilePiecesTest {
    private static final int MOST = 1_000;
    private static final int MOST_BYTES = 1 << 20;

    @Test
    void countsTheContactsOfAFile() {
        byte[] cards = bytes("[{\"uid\":\"a\",\"n\":{\"x\":\"}{\\\"{\"}},\n{\"uid\":\"b\",\"l\":[{}]}]");
        assertThat(FilePieces.isLarge(cards, 1, MOST_BYTES)).isTrue();
        assertThat(FilePieces.isLarge(cards, 2, MOST_BYTES)).isFalse();

        byte[] vcards = bytes(vcard(1) + vcard(2));
        assertThat(FilePieces.isLarge(vcards, 1, MOST_BYTES)).isTrue();
        assertThat(FilePieces.isLarge(vcards, 2, MOST_BYTES)).isFalse();
        assertThat(FilePieces.isLarge(vcards, 2, vcards.length - 1)).isTrue();
    }

    /** Protocol 4.25.1: in pieces that one request may have; one contact at fault does not stop the others. */
    @Test
    void cutsVcardsIntoPieces() {
        String file = IntStream.range(0, 1_200).mapToObj(FilePiecesTest::vcard).collect(Collectors.joining())
                + vcard(1_200).replace("END:VCARD\r\n", "");

        FilePieces pieces = FilePieces.of(bytes(file), Optional.empty(), MOST, MOST_BYTES);

        assertThat(pieces.pieces()).hasSize(2);
        assertThat(uids(pieces)).hasSize(1_200).doesNotHaveDuplicates();
        assertThat(pieces.report().contacts()).isEqualTo(1_201);
        assertThat(pieces.report().flaws()).extracting(flaw -> flaw.index()).containsExactly(1_200);
        assertThat(FilePieces.of(bytes(file), Optional.empty(), MOST, 10_000).pieces())
                .hasSizeGreaterThan(5)
                .allMatch(piece -> piece.length <= 10_000);
    }

    /** Contacts without uid get theirs by their order in the whole file. */
    @Test
    void cutsJsContactIntoPieces() {
        String file = IntStream.range(0, 1_200)
                .mapToObj(i -> "{\"@type\":\"Card\",\"version\":\"1.0\",\"name\":{\"full\":\"Same\"}"
                        + (i % 2 == 0 ? "" : ",\"uid\":\"u" + i + "\"") + "}")
                .collect(Collectors.joining(",\n", "[", "]"));

        FilePieces pieces = FilePieces.of(bytes(file), Optional.empty(), MOST, MOST_BYTES);

        assertThat(pieces.pieces()).hasSize(2);
        assertThat(uids(pieces)).hasSize(1_200).doesNotHaveDuplicates();
        assertThat(pieces.report().flaws()).isEmpty();
    }

    @Test
    void refusesWhatIsNoFileOfContacts() {
        for (String file : List.of("hello", "[1,", "{\"a\"")) {
            assertThatThrownBy(() -> FilePieces.of(bytes(file), Optional.empty(), MOST, MOST_BYTES))
                    .as(file)
                    .isInstanceOf(ProblemException.class);
        }
    }

    private static List<String> uids(FilePieces pieces) {
        return pieces.pieces().stream()
                .flatMap(piece -> JsContactFile.read(piece, MOST).changes().stream())
                .map(Change::uid)
                .map(uid -> uid.value())
                .toList();
    }

    private static String vcard(int number) {
        return "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Person " + number + "\r\nEND:VCARD\r\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
