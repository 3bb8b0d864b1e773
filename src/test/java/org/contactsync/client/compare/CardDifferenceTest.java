package org.contactsync.client.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.client.compare.CardDifference.Field;
import org.junit.jupiter.api.Test;

class CardDifferenceTest {
    @Test
    void namesEachFieldThatIsNotTheSame() {
        assertThat(CardDifference.of(
                        card("{\"a\":{\"b\":1,\"c\":[1,2],\"same\":true},\"gone\":\"x\"}"),
                        card("{\"a\":{\"b\":2,\"c\":[2],\"same\":true},\"new\":{\"x\":1}}")))
                .containsExactly(
                        new Field("a/b", Optional.of("1"), Optional.of("2")),
                        new Field("a/c", Optional.of("[1,2]"), Optional.of("[2]")),
                        new Field("gone", Optional.of("\"x\""), Optional.empty()),
                        new Field("new", Optional.empty(), Optional.of("{\"x\":1}")));
    }

    /** RFC 6901 section 3. */
    @Test
    void escapesSlashesInNames() {
        assertThat(CardDifference.of(card("{\"a/b~c\":1}"), card("{\"a/b~c\":2}")))
                .extracting(Field::path)
                .containsExactly("a~1b~0c");
    }

    @Test
    void findsNothingInEqualCards() {
        assertThat(CardDifference.of(card("{\"a\":{}}"), card("{\"a\":{}}"))).isEmpty();
    }

    private static CanonicalCard card(String json) {
        return CanonicalCard.ofTrusted(json.getBytes(StandardCharsets.UTF_8));
    }
}
