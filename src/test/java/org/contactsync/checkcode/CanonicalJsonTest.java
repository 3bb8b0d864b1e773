package org.contactsync.checkcode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
    /** RFC 8785 §3.2.2.2, also for the characters that a card may not hold but other JSON may. */
    @Test
    void quotesTheFirst128CharactersAsTheOracleDoes() throws IOException {
        for (char c = 0; c < 128; c++) {
            StringBuilder quoted = new StringBuilder();

            CanonicalJson.quote(quoted, "a" + c + "b");

            String array = String.format("[\"a\\u%04xb\"]", (int) c);
            assertThat("[" + quoted + "]").isEqualTo(new JsonCanonicalizer(array).getEncodedString());
        }
    }

    @Test
    void putsCommasOnlyBetween() {
        assertThat(canonical("{}")).isEqualTo("{}");
        assertThat(canonical("{ \"a\" : [ ] }")).isEqualTo("{\"a\":[]}");
        assertThat(canonical("{\"b\":[1,[2],{}],\"a\":true}")).isEqualTo("{\"a\":true,\"b\":[1,[2],{}]}");
    }

    private static String canonical(String json) {
        return CanonicalJson.write(JsonCards.card(json).root());
    }
}
