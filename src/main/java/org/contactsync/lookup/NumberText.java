package org.contactsync.lookup;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number without the punctuation that people write it with, in a form that depends on no region: E.164 if it was written
 * internationally, otherwise its digits as they were.
 *
 * @param main {@code +} and digits, or digits; {@code *} and {@code #} may be among these
 * @param extension digits; empty if it has none
 */
record NumberText(String main, String extension) {
    /** Numbers that end with the same digits, this many, are compared with each other. */
    static final int COMPARED = 7;

    static final PhoneNumberUtil PHONES = PhoneNumberUtil.getInstance();

    /** A region that has no numbers of its own: only what is written internationally is understood. */
    static final String NO_REGION = "ZZ";

    private static final int LONGEST_TEXT = 250;

    /** E.164 has 15 digits, the longest dialling prefixes a few more. */
    private static final int MOST_DIGITS = 32;

    private static final int LEAST_VANITY_LETTERS = 3;
    private static final String EXTENSION_MARK = ";ext=";
    private static final int MOST_EXTENSION_DIGITS = 9;

    /** What people write in front of an extension; the longer ones first. */
    private static final List<String> EXTENSION_WORDS =
            List.of("extensión", "extension", "ext=", "extn", "ext", "xtn", "xt", "x", ",");

    private static final Pattern EXTENSION_PARAMETER =
            Pattern.compile(";ext=([0-9.() -]{1,20})", Pattern.CASE_INSENSITIVE);

    /** Reads a number, or a {@code tel:} URI (RFC 3966); empty if there is no digit in it, or if it is too long. */
    static Optional<NumberText> of(String written) {
        String text = written.strip();
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        boolean uri = text.regionMatches(true, 0, "tel:", 0, 4);
        if (uri || startsWithPlus(text)) {
            Optional<PhoneNumber> number = parse(uri ? "tel:" + text.substring(4) : text, NO_REGION);
            if (number.isPresent()) {
                return Optional.of(
                        new NumberText(e164(number.get()), number.get().getExtension()));
            }
        }
        return local(uri ? withoutParameters(text.substring(4)) : text);
    }

    /** A local {@code tel:} number names who it is local to in a parameter, which is no part of it. */
    private static String withoutParameters(String number) {
        int parameters = number.indexOf(';');
        String extension = "";
        Matcher found = EXTENSION_PARAMETER.matcher(number);
        if (found.find()) {
            extension = EXTENSION_MARK + found.group(1).replaceAll("[^0-9]", "");
        }
        return (parameters < 0 ? number : number.substring(0, parameters)) + extension;
    }

    private static Optional<NumberText> local(String text) {
        int end = endOfMain(text);
        String main = dialled(text.substring(0, end));
        String extension = end == text.length() ? "" : text.substring(text.length() - trailingDigits(text));
        return main.chars().noneMatch(c -> c >= '0' && c <= '9' || c == '*' || c == '#') || main.length() > MOST_DIGITS
                ? Optional.empty()
                : Optional.of(new NumberText(main, extension));
    }

    /** Where a number ends behind which an extension is written; the length of the text if there is none. Looks once at each letter. */
    private static int endOfMain(String text) {
        int digits = trailingDigits(text);
        int at = skipBack(text, text.length() - digits, ":. \u00a0");
        if (digits == 0 || digits > MOST_EXTENSION_DIGITS) {
            return text.length();
        }
        for (String word : EXTENSION_WORDS) {
            int start = at - word.length();
            if (start > 0 && text.regionMatches(true, start, word, 0, word.length())) {
                int end = skipBack(text, start, " \u00a0,;)");
                return end > 0 && Character.isDigit(text.charAt(end - 1)) ? end : text.length();
            }
        }
        return text.length();
    }

    private static int trailingDigits(String text) {
        int start = text.length();
        while (start > 0 && text.charAt(start - 1) >= '0' && text.charAt(start - 1) <= '9') {
            start--;
        }
        return text.length() - start;
    }

    private static int skipBack(String text, int end, String letters) {
        int at = end;
        while (at > 0 && letters.indexOf(text.charAt(at - 1)) >= 0) {
            at--;
        }
        return at;
    }

    /** Digits of any script as 0 to 9, letters of a vanity number as the digits of their keys. */
    private static String dialled(String text) {
        boolean vanity = text.chars().filter(NumberText::isLatin).count() >= LEAST_VANITY_LETTERS
                && text.chars().anyMatch(Character::isDigit);
        String source = vanity ? PhoneNumberUtil.convertAlphaCharactersInNumber(text) : text;
        StringBuilder main = new StringBuilder();
        source.codePoints().forEach(c -> {
            int digit = Character.digit(c, 10);
            if (digit >= 0) {
                main.append(digit);
            } else if (c == '*' || c == '#') {
                main.append((char) c);
            } else if ((c == '+' || c == '＋') && main.length() == 0) {
                main.append('+');
            }
        });
        return main.toString();
    }

    private static boolean isLatin(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean startsWithPlus(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+' || c == '＋') {
                return true;
            }
            if (Character.isLetterOrDigit(c)) {
                return false;
            }
        }
        return false;
    }

    static Optional<PhoneNumber> parse(String text, String region) {
        try {
            return Optional.of(PHONES.parse(text, region));
        } catch (NumberParseException e) {
            return Optional.empty();
        }
    }

    static String e164(PhoneNumber number) {
        return PHONES.format(number, PhoneNumberFormat.E164);
    }

    boolean isInternational() {
        return main.startsWith("+");
    }

    /** Without {@code +}. */
    String digits() {
        return isInternational() ? main.substring(1) : main;
    }

    /** The last digits of a number, or all if there are not so many. */
    static String end(String digits) {
        return digits.substring(Math.max(0, digits.length() - COMPARED));
    }

    /** As it stands in the index; {@link #ofStored} reads it. */
    String stored() {
        return extension.isEmpty() ? main : main + EXTENSION_MARK + extension;
    }

    static NumberText ofStored(String stored) {
        int mark = stored.indexOf(EXTENSION_MARK);
        return mark < 0
                ? new NumberText(stored, "")
                : new NumberText(stored.substring(0, mark), stored.substring(mark + EXTENSION_MARK.length()));
    }

    /** A region that numbers can be read with; empty for one that has no numbers. */
    static Optional<String> region(String code) {
        String upper = code.toUpperCase(Locale.ROOT);
        return PHONES.getSupportedRegions().contains(upper) ? Optional.of(upper) : Optional.empty();
    }
}
