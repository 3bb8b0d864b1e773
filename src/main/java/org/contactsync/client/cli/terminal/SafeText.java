package org.contactsync.client.cli.terminal;

/**
 * Makes text from a server or a file harmless for a terminal. Control characters could move the cursor, change colours, rename
 * the window or type for the user; characters that change the writing direction can make a text look like a different one. They
 * are written as {@code \u001b}.
 */
public final class SafeText {
    private static final char DELETE = 0x7f;
    private static final char LAST_C1 = 0x9f;

    private SafeText() {}

    /** Of several lines: line breaks and tabs stay. */
    public static String lines(String text) {
        return escaped(text, true);
    }

    /** Of one line: a line break is shown and does not break it, so that nobody can write a line of their own. */
    public static String line(String text) {
        return escaped(text, false);
    }

    private static String escaped(String text, boolean breaks) {
        int safe = 0;
        while (safe < text.length() && isSafe(text.charAt(safe), breaks)) {
            safe++;
        }
        if (safe == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, safe);
        for (int i = safe; i < text.length(); i++) {
            append(escaped, text.charAt(i), breaks);
        }
        return escaped.toString();
    }

    private static void append(StringBuilder escaped, char c, boolean breaks) {
        if (isSafe(c, breaks)) {
            escaped.append(c);
        } else {
            escaped.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                escaped.append(Character.forDigit(c >> shift & 0xf, 16));
            }
        }
    }

    private static boolean isSafe(char c, boolean breaks) {
        if (c == '\n' || c == '\t') {
            return breaks;
        }
        return c >= ' ' && (c < DELETE || c > LAST_C1) && !turnsOrBreaks(c);
    }

    /** Marks, embeddings, overrides and isolates of the direction (UAX #9), and the separators of lines and paragraphs. */
    private static boolean turnsOrBreaks(char c) {
        return c == '\u061c'
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u2028' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
