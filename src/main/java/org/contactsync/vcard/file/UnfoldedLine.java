package org.contactsync.vcard.file;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One property of a file, unfolded, in the bytes of the file.
 *
 * @param bytes without line ends
 * @param number of its first line in the file, from 1
 * @param colon where the value begins, at the colon; the length of the bytes when there is none
 */
record UnfoldedLine(byte[] bytes, int number, int colon) {
    private static final Pattern QUOTED_PRINTABLE =
            Pattern.compile(";\\s*(?:ENCODING\\s*=\\s*\"?)?QUOTED-PRINTABLE\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern BASE64 =
            Pattern.compile(";\\s*(?:ENCODING\\s*=\\s*\"?(?:BASE64|B)|BASE64)\"?\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);
    private static final String BASE64_URI = ";base64,";

    /** Longer beginnings than this have no parameter that is looked for; a data URI has named its encoding by then. */
    static final int LONGEST_HEAD = 1000;

    static UnfoldedLine of(byte[] bytes, int number) {
        boolean quoted = false;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '"') {
                quoted = !quoted;
            } else if (bytes[i] == ':' && !quoted) {
                return new UnfoldedLine(bytes, number, i);
            }
        }
        return new UnfoldedLine(bytes, number, bytes.length);
    }

    /** Group, name and parameters; bytes that are not ASCII stand for themselves. */
    String head() {
        return new String(bytes, 0, colon, StandardCharsets.ISO_8859_1);
    }

    boolean isQuotedPrintable() {
        return colon <= LONGEST_HEAD && QUOTED_PRINTABLE.matcher(head()).find();
    }

    /** Whether the value is bytes in Base64, by a parameter or in a data URI. */
    boolean isBase64() {
        if (colon > LONGEST_HEAD) {
            return false;
        }
        int start = Math.min(colon + 1, bytes.length);
        String value = new String(
                        bytes, start, Math.min(bytes.length - start, LONGEST_HEAD), StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT);
        return BASE64.matcher(head()).find() || (value.startsWith("data:") && value.contains(BASE64_URI));
    }

    boolean isAscii() {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
