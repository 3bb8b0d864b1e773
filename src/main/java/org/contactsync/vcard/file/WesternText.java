package org.contactsync.vcard.file;

/**
 * Decides whether bytes that are not UTF-8 are certainly a Western European language in Windows-1252. There, letters with
 * accents stand alone among ASCII letters; words of Cyrillic, Greek, Chinese and Japanese code pages have several bytes above
 * 127 in a row, and DOS code pages have their letters where Windows-1252 has signs and nothing.
 */
final class WesternText {
    /** What Windows-1252 has between 0x80 and 0x9f and Western texts use: the euro, quotes, dashes, OE, S and Z with caron. */
    private static final String USUAL =
            "\u0080\u0085\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u008a\u009a\u008c\u009c\u008e\u009e\u009f";

    private int high;
    private int besideAnother;
    private int unusual;

    void add(byte[] value) {
        for (int i = 0; i < value.length; i++) {
            if (value[i] < 0) {
                boolean before = i > 0 && value[i - 1] < 0;
                boolean after = i + 1 < value.length && value[i + 1] < 0;
                high++;
                besideAnother += before || after ? 1 : 0;
                int letter = value[i] & 0xff;
                unusual += letter < 0xa0 && USUAL.indexOf(letter) < 0 ? 1 : 0;
            }
        }
    }

    boolean isLikely() {
        return unusual == 0 && besideAnother * 3L <= high;
    }
}
