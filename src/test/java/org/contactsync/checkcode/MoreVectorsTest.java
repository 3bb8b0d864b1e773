package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.contactsync.contact.Card;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocol §2: the vectors of {@code more-vectors.json} that are valid contacts. */
class MoreVectorsTest {
    private static final JsonObject VECTORS = VectorFile.more();
    private final CheckCodes codes = VectorFile.checkCodes(VECTORS);

    @ParameterizedTest
    @MethodSource("validContacts")
    void aValidContactHasItsBytesAndItsHashes(JsonObject vector) {
        Uid uid = new Uid(vector.getString("uid"));
        CanonicalCard canonical = CanonicalCard.of(JsonCards.card(VectorFile.text(vector.getValue("/card"))));
        ContentHash hash = codes.contentHash(canonical);
        EntrySum entry = codes.entry(uid, hash);

        if (vector.containsKey("canonicalHex")) {
            assertThat(HexFormat.of().formatHex(canonical.utf8())).isEqualTo(vector.getString("canonicalHex"));
        } else {
            assertThat(canonical.length()).isEqualTo(vector.getInt("canonicalBytes"));
        }
        assertThat(hash.hex()).isEqualTo(vector.getString("contentHash"));
        assertThat(entry.hex()).isEqualTo(vector.getString("entry"));
        assertThat(codes.position(uid).hex()).isEqualTo(vector.getString("position"));
        assertThat(codes.checkCode(BookDigest.EMPTY.plus(entry))).hasToString(vector.getString("checkCode"));
    }

    static Stream<Named<JsonObject>> validContacts() {
        return VectorFile.objects(VECTORS.getJsonArray("valid"))
                .map(vector -> Named.of(vector.getString("what"), vector));
    }

    @Test
    void anotherKeyMakesOtherHashes() {
        assertThat(VectorFile.objects(VECTORS.getJsonArray("otherKeys")))
                .isNotEmpty()
                .allSatisfy(vector -> {
                    CheckKey key = CheckKey.ofBase64Url(vector.getString("keyBase64url"));
                    CheckCodes others = new CheckCodes(key);
                    Uid uid = new Uid(vector.getString("uid"));
                    ContentHash hash = others.contentHash(CanonicalCard.of(JsonCards.card(vector.getString("card"))));
                    BookDigest book = BookDigest.EMPTY.plus(others.entry(uid, hash));

                    assertThat(HexFormat.of().formatHex(key.bytes())).isEqualTo(vector.getString("keyHex"));
                    assertThat(others.checkCode(BookDigest.EMPTY)).hasToString(vector.getString("empty"));
                    assertThat(hash.hex()).isEqualTo(vector.getString("contentHash"));
                    assertThat(others.position(uid).hex()).isEqualTo(vector.getString("position"));
                    assertThat(others.checkCode(book)).hasToString(vector.getString("checkCode"));
                });
    }

    @Test
    void aBookThatIsEmptiedEndsWithTheCodeOfTheEmptyBook() {
        TestBook book = new TestBook(codes);

        VectorFile.objects(VECTORS.getJsonObject("downToEmpty").getJsonArray("steps"))
                .forEach(step -> {
                    int n = step.getInt("n");
                    if (step.getString("op").equals("put")) {
                        book.put(MadeContacts.smallUid(n), MadeContacts.smallCard(n));
                    } else {
                        book.delete(MadeContacts.smallUid(n));
                    }
                    assertThat(book.digest().count()).isEqualTo(step.getInt("count"));
                    assertThat(book.checkCode()).hasToString(step.getString("checkCode"));
                });

        assertThat(book.digest()).isEqualTo(BookDigest.EMPTY);
    }

    @Test
    void aBookOfTenThousandContactsHasItsCheckCodeAndItsNodes() {
        JsonObject expected = VECTORS.getJsonObject("bigBook");
        TestBook book = new TestBook(codes);
        long bytes = 0;
        for (int n = 0; n < expected.getInt("count"); n++) {
            Card card = MadeContacts.bigCard(n);
            bytes += CanonicalCard.of(card).length();
            book.put(MadeContacts.bigUid(n), card);
        }

        assertThat(bytes).isEqualTo(expected.getInt("canonicalBytes"));
        assertThat(book.digest().count()).isEqualTo(10_000);
        assertThat(book.digest().sum().hex()).isEqualTo(expected.getString("sum"));
        assertThat(book.checkCode()).hasToString(expected.getString("checkCode"));
        VectorNodes.assertThatTree(book.tree(), codes).has(expected.getJsonArray("nodes"));
    }
}
