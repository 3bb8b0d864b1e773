package org.contactsync.lookup;

import java.text.Normalizer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Words in the form in which they are compared: compatibility decomposition (NFKD) without marks above and below the letters, and without
 * case. A few Latin letters that do not decompose are written as those that people type for them. A word in a script that puts no spaces
 * between words (Han, kana) also counts from each later letter on, so that a given name is found behind the family name.
 */
final class NameWords {
    /** Code points of a word; the rest does not count. */
    static final int LONGEST = 24;

    /** Characters of a text that are looked at. */
    private static final int LONGEST_TEXT = 400;

    /** Later letters from which a word without spaces counts too. */
    private static final int MOST_STARTS = 8;

    private static final Map<Integer, String> LETTERS = Map.of(
            (int) 'ł', "l", (int) 'ø', "o", (int) 'đ', "d", (int) 'ħ', "h", (int) 'æ', "ae", (int) 'œ', "oe", (int) 'þ',
            "th", (int) 'ð', "d", (int) 'ı', "i");

    private NameWords() {}

    /** The words of some texts, each once, as an index has them: at most {@code most}. */
    static Set<String> of(Collection<String> texts, int most) {
        Set<String> words = new LinkedHashSet<>();
        for (String text : texts) {
            if (words.size() >= most) {
                break;
            }
            for (String word : split(text)) {
                add(words, word, most);
                if (hasNoSpaces(word)) {
                    int[] letters = word.codePoints().toArray();
                    for (int start = 1; start < Math.min(letters.length, MOST_STARTS); start++) {
                        add(words, new String(letters, start, letters.length - start), most);
                    }
                }
            }
        }
        return words;
    }

    private static void add(Set<String> words, String word, int most) {
        if (words.size() < most) {
            words.add(word);
        }
    }

    /** The words of a text, in its order. */
    static List<String> split(String text) {
        String bounded = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
        // Upper case first: it makes SS of a sharp s, and one letter of both forms of a Greek sigma.
        String folded = Normalizer.normalize(bounded, Normalizer.Form.NFKD)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        StringBuilder plain = new StringBuilder(folded.length());
        Normalizer.normalize(folded, Normalizer.Form.NFKD).codePoints().forEach(letter -> append(plain, letter));
        return List.of(plain.toString().strip().split(" +")).stream()
                .filter(word -> !word.isEmpty())
                .map(NameWords::shortened)
                .toList();
    }

    private static void append(StringBuilder plain, int letter) {
        int type = Character.getType(letter);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || letter == '\'' || letter == '’') {
            return;
        }
        String latin = LETTERS.get(letter);
        if (latin != null) {
            plain.append(latin);
        } else if (Character.isLetterOrDigit(letter) || type == Character.COMBINING_SPACING_MARK) {
            plain.appendCodePoint(letter);
        } else {
            plain.append(' ');
        }
    }

    private static String shortened(String word) {
        return word.codePointCount(0, word.length()) <= LONGEST
                ? word
                : word.substring(0, word.offsetByCodePoints(0, LONGEST));
    }

    private static boolean hasNoSpaces(String word) {
        int first = word.codePointAt(0);
        Character.UnicodeScript script = Character.UnicodeScript.of(first);
        return script == Character.UnicodeScript.HAN
                || script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA;
    }
}
