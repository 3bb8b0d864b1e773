package org.contactsync.vcard.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Characters from the bytes of one property. The charset is the one that the property names; else UTF-8 when the bytes are
 * UTF-8; else the one that is taken for the file. Values in quoted-printable come out in quoted-printable of UTF-8.
 */
final class LineDecoder {
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*CHARSET\\s*=\\s*(?:\"([^\"]*)\"|([^;:]*))", Pattern.CASE_INSENSITIVE);

    /** What is written under a narrower name: the same bytes and more (WHATWG Encoding Standard, Names and labels). */
    private static final Map<String, String> SUPERSETS = Map.of(
            "ISO-8859-1", "windows-1252",
            "US-ASCII", "windows-1252",
            "ISO-8859-9", "windows-1254",
            "SHIFT_JIS", "windows-31j",
            "GB2312", "GB18030",
            "GBK", "GB18030",
            "EUC-KR", "x-windows-949");

    private final Optional<Charset> given;
    private final Charset otherwise;
    private final boolean utf8File;

    /**
     * @param given by a person, for properties that name no charset, before UTF-8 is tried
     * @param otherwise for a property that names no charset and is not UTF-8
     * @param utf8File whether the whole file is UTF-8: then a program has rewritten it, and what a property says of bytes
     *     that are not in quoted-printable is no longer so
     */
    LineDecoder(Optional<Charset> given, Charset otherwise, boolean utf8File) {
        this.given = given;
        this.otherwise = otherwise;
        this.utf8File = utf8File;
    }

    /** What is known of the charset of a property. */
    enum Certainty {
        /** It is named, or UTF-8, and the bytes agree. */
        SURE,
        /** It is named, or UTF-8 by most of its characters; single bytes are wrong and become U+FFFD. */
        DAMAGED,
        /** Nothing says it. */
        GUESSED
    }

    static Certainty certainty(UnfoldedLine line) {
        if (line.isAscii() && !line.isQuotedPrintable()) {
            return Certainty.SURE;
        }
        byte[] value = line.isQuotedPrintable() ? unquoted(line) : line.bytes();
        Optional<Charset> named = named(line);
        if (strictly(value, StandardCharsets.UTF_8).isPresent()
                || named.flatMap(charset -> declared(value, charset)).isPresent()) {
            return Certainty.SURE;
        }
        return named.isPresent() || isMostlyUtf8(value) ? Certainty.DAMAGED : Certainty.GUESSED;
    }

    /** The bytes whose charset is in question. */
    static byte[] value(UnfoldedLine line) {
        return line.isQuotedPrintable() ? unquoted(line) : line.bytes();
    }

    String decode(UnfoldedLine line) {
        if (line.isQuotedPrintable()) {
            Optional<Charset> named = named(line);
            String head = CHARSET.matcher(text(bytes(line, 0, line.colon()), Optional.empty()))
                    .replaceAll("");
            return head + ":" + quoted(text(unquoted(line), named));
        }
        if (line.isAscii()) {
            Optional<Charset> shifting =
                    named(line).filter(charset -> charset.name().startsWith("ISO-2022"));
            return shifting.isEmpty() ? line.head() + valueOf(line) : text(line.bytes(), shifting);
        }
        return text(line.bytes(), utf8File ? given.or(() -> Optional.of(StandardCharsets.UTF_8)) : named(line));
    }

    private static String valueOf(UnfoldedLine line) {
        return new String(bytes(line, line.colon(), line.bytes().length), StandardCharsets.ISO_8859_1);
    }

    private String text(byte[] bytes, Optional<Charset> named) {
        return named.flatMap(charset -> declared(bytes, charset))
                .or(() -> given.flatMap(charset -> declared(bytes, charset)))
                .or(() -> strictly(bytes, StandardCharsets.UTF_8))
                .or(() -> named.map(charset -> new String(bytes, charset)))
                .orElseGet(() ->
                        new String(bytes, given.isEmpty() && isMostlyUtf8(bytes) ? StandardCharsets.UTF_8 : otherwise));
    }

    private static boolean isMostlyUtf8(byte[] bytes) {
        int good = 0;
        int wrong = 0;
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++) {
            wrong += text.charAt(i) == '\ufffd' ? 1 : 0;
            good += text.charAt(i) > 0x7f && text.charAt(i) != '\ufffd' ? 1 : 0;
        }
        return good > wrong;
    }

    private static Optional<String> declared(byte[] bytes, Charset charset) {
        return Optional.ofNullable(SUPERSETS.get(charset.name().toUpperCase(Locale.ROOT)))
                .flatMap(LineDecoder::charset)
                .flatMap(superset -> strictly(bytes, superset))
                .or(() -> strictly(bytes, charset));
    }

    private static Optional<Charset> named(UnfoldedLine line) {
        Matcher parameter = CHARSET.matcher(line.head());
        if (!parameter.find()) {
            return Optional.empty();
        }
        return charset(parameter.group(1) == null ? parameter.group(2) : parameter.group(1));
    }

    private static Optional<Charset> charset(String name) {
        try {
            return Optional.of(Charset.forName(name.strip()));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty(); // then the bytes themselves say what they are
        }
    }

    static Optional<String> strictly(byte[] bytes, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException otherBytes) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(UnfoldedLine line, int from, int to) {
        return Arrays.copyOfRange(line.bytes(), from, to);
    }

    /** The bytes of a value in quoted-printable (RFC 2045 §6.7); an equals sign without a number stands for itself. */
    private static byte[] unquoted(UnfoldedLine line) {
        byte[] all = line.bytes();
        ByteArrayOutputStream value = new ByteArrayOutputStream(all.length);
        for (int i = line.colon() + 1; i < all.length; i++) {
            int high = i + 2 < all.length ? Character.digit(all[i + 1], 16) : -1;
            int low = i + 2 < all.length ? Character.digit(all[i + 2], 16) : -1;
            if (all[i] == '=' && high >= 0 && low >= 0) {
                value.write(high * 16 + low);
                i += 2;
            } else {
                value.write(all[i]);
            }
        }
        return value.toByteArray();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '=') {
                quoted.append((char) b);
            } else {
                quoted.append('=')
                        .append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return quoted.toString();
    }
}
