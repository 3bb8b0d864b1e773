package org.contactsync.vcard;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The text of a file.
 *
 * @param text without byte order mark
 * @param guessed whether the bytes are not valid UTF-8 and were read as Windows-1252
 */
record FileText(String text, boolean guessed) {
    /** The superset of Latin-1 that old phones and Outlook wrote without saying so. */
    private static final Charset WESTERN = Charset.forName("windows-1252");

    /** UTF-16 when a byte order mark says so, UTF-8 (the charset of vCard 4.0 and the usual one of 3.0), else Western. */
    static FileText of(byte[] bytes) {
        if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0xff, 0xfe)) {
            return new FileText(new String(bytes, StandardCharsets.UTF_16), false);
        }
        int start = startsWith(bytes, 0xef, 0xbb, 0xbf) ? 3 : 0;
        ByteBuffer rest = ByteBuffer.wrap(bytes, start, bytes.length - start);
        try {
            return new FileText(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(rest)
                            .toString(),
                    false);
        } catch (CharacterCodingException notUtf8) {
            return new FileText(new String(bytes, WESTERN), true);
        }
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((bytes[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
