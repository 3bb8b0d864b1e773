package org.contactsync.vcard.file;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The text of a file, decoded property by property. */
public final class FileText {
    /** The superset of Latin-1 that old phones and Outlook wrote without saying so. */
    private static final Charset WESTERN = Charset.forName("windows-1252");

    private final byte[] bytes;
    private final int start;
    private final Optional<Charset> given;
    private final WesternText western = new WesternText();
    private final LineNumbers guessed = new LineNumbers();
    private final LineNumbers damaged = new LineNumbers();
    private long begun;
    private long ended;
    private boolean blank = true;
    private boolean utf8 = true;

    private FileText(byte[] bytes, int start, Optional<Charset> given) {
        this.bytes = bytes;
        this.start = start;
        this.given = given;
        UnfoldedLines lines = new UnfoldedLines(bytes, start);
        while (lines.hasNext()) {
            inspect(lines.next());
        }
    }

    /**
     * UTF-16 when its byte order shows, by a mark or by the zeros of its first letters; else what its properties say.
     *
     * @param given by a person, for properties that name no charset
     */
    public static FileText of(byte[] bytes, Optional<Charset> given) {
        if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0xff, 0xfe)) {
            return ofUnicode(bytes, StandardCharsets.UTF_16);
        }
        if (startsWith(bytes, 0, 'B', 0, 'E') || startsWith(bytes, 0, 'b', 0, 'e')) {
            return ofUnicode(bytes, StandardCharsets.UTF_16BE);
        }
        if (startsWith(bytes, 'B', 0, 'E', 0) || startsWith(bytes, 'b', 0, 'e', 0)) {
            return ofUnicode(bytes, StandardCharsets.UTF_16LE);
        }
        if (given.filter(charset -> charset.name().startsWith("UTF-")).isPresent()) {
            return ofUnicode(bytes, given.get());
        }
        boolean marked = startsWith(bytes, 0xef, 0xbb, 0xbf);
        return new FileText(bytes, marked ? 3 : 0, marked ? Optional.empty() : given);
    }

    private static FileText ofUnicode(byte[] bytes, Charset charset) {
        return new FileText(new String(bytes, charset).getBytes(StandardCharsets.UTF_8), 0, Optional.empty());
    }

    private void inspect(UnfoldedLine line) {
        begun += UnfoldedLines.begins(line) ? 1 : 0;
        ended += UnfoldedLines.ends(line) ? 1 : 0;
        blank &= line.bytes().length == 0;
        utf8 &= line.isAscii()
                || LineDecoder.strictly(line.bytes(), StandardCharsets.UTF_8).isPresent();
        switch (LineDecoder.certainty(line)) {
            case GUESSED -> {
                guessed.add(line.number());
                western.add(LineDecoder.value(line));
            }
            case DAMAGED -> damaged.add(line.number());
            case SURE -> {}
        }
    }

    /** How many vCards begin. */
    public long begun() {
        return begun;
    }

    /** How many vCards end. */
    public long ended() {
        return ended;
    }

    public boolean isBlank() {
        return blank;
    }

    /** Where the charset cannot be told, in words; empty when a person gave it or it is surely a Western one. */
    public Optional<String> unknown() {
        return guessed.isEmpty() || given.isPresent() || western.isLikely()
                ? Optional.empty()
                : Optional.of(guessed.toString());
    }

    /** What a person should know about the charset of the file. */
    public List<Notice> notices() {
        List<Notice> notices = new ArrayList<>();
        if (!guessed.isEmpty() && given.isEmpty()) {
            notices.add(new Notice(
                    Notice.Kind.CHARSET_GUESSED,
                    "the file",
                    "is not UTF-8 and was read as Windows-1252 (" + guessed + ")",
                    "check a name with accents; if it is wrong, export the file as UTF-8"));
        }
        if (!damaged.isEmpty()) {
            notices.add(new Notice(
                    Notice.Kind.TEXT_DAMAGED,
                    "the file",
                    "has bytes that are not characters of its charset (" + damaged + "): they are read as \ufffd",
                    "check the file there"));
        }
        return notices;
    }

    /** One property to a line. */
    public LineReader reader() {
        return new LineReader(new UnfoldedLines(bytes, start), new LineDecoder(given, given.orElse(WESTERN), utf8));
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

    /** Lines of the file, the first of them by number. */
    private static final class LineNumbers {
        private static final int MOST_NAMED = 5;

        private final List<String> first = new ArrayList<>();
        private int count;

        private void add(int number) {
            if (count++ < MOST_NAMED) {
                first.add(String.valueOf(number));
            }
        }

        private boolean isEmpty() {
            return count == 0;
        }

        @Override
        public String toString() {
            String more = count > MOST_NAMED ? " and " + (count - MOST_NAMED) + " more" : "";
            return (count == 1 ? "line " : "lines ") + String.join(", ", first) + more;
        }
    }
}
