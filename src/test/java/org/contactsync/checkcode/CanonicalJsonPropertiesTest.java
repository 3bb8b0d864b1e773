package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.contactsync.contact.ArbitraryCards;
import org.contactsync.contact.Card;
import org.erdtman.jcs.JsonCanonicalizer;

class CanonicalJsonPropertiesTest {
    /** The oracle is another implementation of RFC 8785. */
    @Property
    void whatIsWrittenIsCanonical(@ForAll("cards") Card card) throws IOException {
        String written = CanonicalJson.write(card.root());

        assertThat(new JsonCanonicalizer(written).getEncodedString()).isEqualTo(written);
    }

    @Property
    void whatIsWrittenReadsBackAsTheSameCard(@ForAll("cards") Card card) {
        String written = CanonicalJson.write(card.root());

        assertThat(JsonCards.card(written)).isEqualTo(card);
    }

    @Property
    void cardsThatDifferHaveOtherBytes(@ForAll("cards") Card one, @ForAll("cards") Card other) {
        assertThat(CanonicalCard.of(one).equals(CanonicalCard.of(other))).isEqualTo(one.equals(other));
    }

    @Provide
    Arbitrary<Card> cards() {
        return ArbitraryCards.cards();
    }
}
