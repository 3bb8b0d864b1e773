package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CanonicalCardTest {
    private static final int LIMIT = 262_144;

    @Test
    void isTheCanonicalTextInUtf8() {
        CanonicalCard card = CanonicalCard.of(JsonCards.card("{\"b\":\"刘\",\"a\":1}"));

        assertThat(new String(card.utf8(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1,\"b\":\"刘\"}");
        assertThat(card.length()).isEqualTo(card.utf8().length).isEqualTo(17);
    }

    @Test
    void mayHave256KiB() {
        assertThat(CanonicalCard.of(JsonCards.card(ofBytes(LIMIT))).length()).isEqualTo(LIMIT);
    }

    @Test
    void refusesOneByteMore() {
        assertThatThrownBy(() -> CanonicalCard.of(JsonCards.card(ofBytes(LIMIT + 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a card has at most 262144 canonical bytes, this one 262145");
    }

    @Test
    void refusesOneByteMoreAlsoFromOurOwnRows() {
        assertThatThrownBy(() -> CanonicalCard.ofTrusted(new byte[LIMIT + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void equalsByItsBytes() {
        CanonicalCard card = CanonicalCard.of(JsonCards.card("{\"a\":1}"));
        CanonicalCard stored = CanonicalCard.ofTrusted("{\"a\":1}".getBytes(StandardCharsets.UTF_8));

        assertThat(stored).isEqualTo(card).hasSameHashCodeAs(card);
        assertThat(stored).isNotEqualTo(CanonicalCard.of(JsonCards.card("{\"a\":2}")));
        assertThat(stored).isNotEqualTo("{\"a\":1}");
        assertThat(stored.hashCode())
                .isNotEqualTo(CanonicalCard.of(JsonCards.card("{\"a\":2}")).hashCode());
    }

    @Test
    void showsNoContactData() {
        assertThat(CanonicalCard.of(JsonCards.card("{\"a\":\"secret\"}"))).hasToString("CanonicalCard[14 bytes]");
    }

    private static String ofBytes(int bytes) {
        return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
    }
}
