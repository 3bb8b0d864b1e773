package org.contactsync.vcard.value;

/** Brings text from a file into the card profile (protocol 2.2), changing as little as possible. */
public final class PlainText {
    private static final char REPLACEMENT = '\ufffd';

    private PlainText() {}

    /**
     * The text with CR LF and CR as LF, without other C0 controls but TAB and LF, and with U+FFFD for each surrogate that
     * stands alone. Text that obeys the profile comes back as it is.
     */
    public static String of(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean followed = i + 1 < text.length();
            if (c == '\r') {
                if (!followed || text.charAt(i + 1) != '\n') {
                    plain.append('\n');
                }
            } else if ((c >= 0x20 && !Character.isSurrogate(c)) || c == '\t' || c == '\n') {
                plain.append(c);
            } else if (followed && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                plain.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                plain.append(REPLACEMENT);
            }
        }
        return plain.toString();
    }
}
