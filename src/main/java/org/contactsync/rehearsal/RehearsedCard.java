package org.contactsync.rehearsal;

/** Changes to work through: cards with what cards of phones have. */
final class RehearsedCard {
    private RehearsedCard() {}

    /** The body of an incremental sync that puts one contact. */
    static String request(int number) {
        return "{\"changes\":[{\"op\":\"put\",\"uid\":\"rehearsal-" + number + "\",\"card\":{\"@type\":\"Card\","
                + "\"version\":\"1.0\",\"name\":{\"components\":[{\"kind\":\"given\",\"value\":\"Zoë " + number
                + "\"},{\"kind\":\"surname\",\"value\":\"Example\"}],\"full\":\"Zoë " + number + " Example\"},"
                + "\"phones\":{\"k1\":{\"number\":\"+1 555 01" + number % 90
                + "\",\"features\":{\"mobile\":true},\"contexts\":{\"private\":true}},"
                + "\"k2\":{\"number\":\"+1 555 0199\",\"features\":{\"voice\":true},\"contexts\":{\"work\":true}}},"
                + "\"emails\":{\"k1\":{\"address\":\"zoe." + number + "@example.com\",\"contexts\":{\"work\":true}}},"
                + "\"organizations\":{\"k1\":{\"name\":\"Example Ltd\"}},\"titles\":{\"k1\":{\"name\":\"Tester\"}},"
                + "\"addresses\":{\"k1\":{\"full\":\"" + number + " Sample Street, 12345 Exampletown\"}},"
                + "\"notes\":{\"k1\":{\"note\":\"Line one\\nLine \\\"two\\\" of number " + number + "\"}}}}]}";
    }
}
