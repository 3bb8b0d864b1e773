package org.contactsync.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExportedContactsTest {
    private static final String VCARD = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nNOTE:x\r\n END:VCARD\r\nEND:VCARD\r\n";
    private static final String CARDS =
            "[\n{\"uid\":\"a\",\"phones\":{\"1\":{\"number\":\"1\"}}},\n{\"uid\":\"b\"}\n]\n";

    /** Protocol 4.24.2. */
    @Test
    void countsWholeVcards() {
        assertThat(count("")).isZero();
        assertThat(count(VCARD)).isOne();
        assertThat(count(VCARD.repeat(3))).isEqualTo(3);
        for (int end = VCARD.length(); end < 2 * VCARD.length(); end++) {
            assertThat(count(VCARD.repeat(2).substring(0, end)))
                    .as("%d bytes", end)
                    .isOne();
        }
    }

    /** Protocol 4.24.2. */
    @Test
    void countsNoCardsOfAListThatDoesNotEnd() {
        assertThat(count("[\n]\n")).isZero();
        assertThat(count(CARDS)).isEqualTo(2);
        for (int end = 1; end < CARDS.length() - "]\n".length(); end++) {
            assertThat(count(CARDS.substring(0, end))).as("%d bytes", end).isNegative();
        }
    }

    private static long count(String file) {
        return ExportedContacts.count(file.getBytes(StandardCharsets.UTF_8));
    }
}
