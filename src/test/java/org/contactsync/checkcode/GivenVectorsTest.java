package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.HexFormat;
import org.contactsync.contact.Card;
import org.contactsync.contact.Uid;
import org.junit.jupiter.api.Test;

/** Protocol §2: the vectors of {@code vectors.json}. */
class GivenVectorsTest {
    private final JsonObject vectors = VectorFile.given();
    private final CheckCodes codes = VectorFile.checkCodes(vectors);

    @Test
    void everyStepOfTheBookComesToItsSumAndItsCheckCode() {
        TestBook book = new TestBook(codes);

        VectorFile.objects(vectors.getJsonArray("book")).forEach(step -> {
            apply(step, book);

            String what = step.getString("step");
            assertThat(book.digest().count()).as(what).isEqualTo(step.getInt("count"));
            assertThat(book.digest().sum().hex()).as(what).isEqualTo(step.getString("sum"));
            assertThat(book.checkCode()).as(what).hasToString(step.getString("checkCode"));
        });
    }

    @Test
    void everyContactHasItsBytesItsHashItsEntryAndItsPosition() {
        assertThat(VectorFile.objects(vectors.getJsonArray("book")).filter(step -> step.containsKey("card")))
                .isNotEmpty()
                .allSatisfy(step -> {
                    Uid uid = new Uid(step.getString("uid"));
                    ContentHash hash = hashOfItsBytes(step);
                    assertThat(codes.entry(uid, hash).hex()).isEqualTo(step.getString("entry"));
                    assertThat(codes.position(uid).hex()).isEqualTo(step.getString("position"));
                });
    }

    /** Protocol 2.2.3. */
    @Test
    void theDecomposedSpellingIsAnotherContent() {
        JsonObject decomposed = vectors.getJsonObject("decomposedUnicode");
        JsonObject precomposed = vectors.getJsonArray("book").getJsonObject(3);

        assertThat(decomposed.getString("uid")).isEqualTo(precomposed.getString("uid"));
        assertThat(hashOfItsBytes(decomposed)).isNotEqualTo(hashOfItsBytes(precomposed));
    }

    @Test
    void theTreeOfAThousandContactsHasItsNodes() {
        TestBook book = new TestBook(codes);
        for (int n = 0; n < 1000; n++) {
            book.put(MadeContacts.smallUid(n), MadeContacts.smallCard(n));
        }
        JsonObject expected = vectors.getJsonObject("tree");

        assertThat(book.checkCode()).hasToString(expected.getString("checkCode"));
        VectorNodes.assertThatTree(book.tree(), codes).has(expected.getJsonArray("nodes"));
    }

    private static void apply(JsonObject step, TestBook book) {
        switch (step.getString("op")) {
            case "put" -> book.put(new Uid(step.getString("uid")), JsonCards.card(step.getJsonObject("card")));
            case "delete" -> book.delete(new Uid(step.getString("uid")));
            default -> assertThat(step.getString("op")).isEqualTo("none");
        }
    }

    private ContentHash hashOfItsBytes(JsonObject vector) {
        Card card = JsonCards.card(vector.getJsonObject("card"));
        CanonicalCard canonical = CanonicalCard.of(card);
        assertThat(HexFormat.of().formatHex(canonical.utf8())).isEqualTo(vector.getString("canonicalHex"));
        ContentHash hash = codes.contentHash(canonical);
        assertThat(hash.hex()).isEqualTo(vector.getString("contentHash"));
        return hash;
    }
}
