package org.contactsync.vcard.file;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The properties of a file, unfolded as bytes. Many programs fold after 75 octets, even within a character, which can be
 * decoded only after its bytes have been joined (RFC 6350 §3.2). Three things continue a property:
 *
 * <ul>
 *   <li>a line that begins with a blank or a tab. Version 2.1 folds at any amount of white space, which goes; later ones at
 *       one character;
 *   <li>after {@code =} at the end of a value in quoted-printable, any line;
 *   <li>after a value in Base64, lines of Base64 that somebody forgot to indent: they cannot be a property, which has a colon.
 * </ul>
 *
 * <p>For one thread.
 */
final class UnfoldedLines implements Iterator<UnfoldedLine> {
    /** A line that begins or ends a vCard, with a group and blanks around; longer lines are not looked at, for speed. */
    private static final int LONGEST_FRAME = 60;

    private static final Pattern BEGIN = frame("BEGIN");
    private static final Pattern END = frame("END");
    private static final Pattern VERSION =
            Pattern.compile("VERSION[ \\t]*:[ \\t]*(\\S+)[ \\t]*", Pattern.CASE_INSENSITIVE);

    private final byte[] bytes;
    private int position;
    private int number;
    private boolean oldFolding = true;

    UnfoldedLines(byte[] bytes, int start) {
        this.bytes = bytes;
        position = start;
        skipEmptyLines();
    }

    static boolean begins(UnfoldedLine line) {
        return frame(line).filter(text -> BEGIN.matcher(text).matches()).isPresent();
    }

    static boolean ends(UnfoldedLine line) {
        return frame(line).filter(text -> END.matcher(text).matches()).isPresent();
    }

    @Override
    public boolean hasNext() {
        return position < bytes.length;
    }

    @Override
    public UnfoldedLine next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the file has no more lines");
        }
        int first = number + 1;
        LineBytes line = new LineBytes();
        take(line, position);
        while (hasNext()) {
            if (line.endsWithSoftBreak() && !isFrame()) {
                line.chop();
            } else if (!isFolded()) {
                break;
            }
            take(line, afterFold());
        }
        skipEmptyLines();
        if (line.unfolded(first).isBase64()) {
            while (hasNext() && (isFolded() || isBase64Line())) {
                take(line, afterFold());
                skipEmptyLines();
            }
        }
        UnfoldedLine unfolded = line.unfolded(first);
        noteVersion(unfolded);
        return unfolded;
    }

    /** Appends the physical line from here on without its end, and goes to the next one. */
    private void take(LineBytes line, int from) {
        int end = endOfLine();
        int start = Math.min(from, end);
        line.write(bytes, start, end - start);
        goAfter(end);
    }

    private int endOfLine() {
        int end = position;
        while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
            end++;
        }
        return end;
    }

    private void goAfter(int end) {
        boolean both = end + 1 < bytes.length && bytes[end] == '\r' && bytes[end + 1] == '\n';
        position = Math.min(bytes.length, end + (both ? 2 : 1));
        number++;
    }

    private void skipEmptyLines() {
        while (hasNext() && (bytes[position] == '\n' || bytes[position] == '\r')) {
            goAfter(position);
        }
    }

    private boolean isFolded() {
        return isBlank(bytes[position]);
    }

    private int afterFold() {
        int start = position;
        while (start < bytes.length && isBlank(bytes[start]) && (oldFolding || start == position)) {
            start++;
        }
        return start;
    }

    private boolean isFrame() {
        UnfoldedLine line = UnfoldedLine.of(Arrays.copyOfRange(bytes, position, endOfLine()), 0);
        return begins(line) || ends(line);
    }

    private boolean isBase64Line() {
        int end = endOfLine();
        for (int i = position; i < end; i++) {
            byte b = bytes[i];
            boolean digit = (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
            if (!digit && b != '+' && b != '/' && b != '=' && !isBlank(b)) {
                return false;
            }
        }
        return true;
    }

    private void noteVersion(UnfoldedLine line) {
        if (begins(line)) {
            oldFolding = true;
        }
        frame(line).map(VERSION::matcher).filter(matcher -> matcher.matches()).ifPresent(matcher -> {
            oldFolding = matcher.group(1).equals("2.1");
        });
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static Optional<String> frame(UnfoldedLine line) {
        return line.bytes().length <= LONGEST_FRAME
                ? Optional.of(new String(line.bytes(), StandardCharsets.ISO_8859_1))
                : Optional.empty();
    }

    private static Pattern frame(String word) {
        return Pattern.compile("(?:\\S+\\.)?" + word + "[ \\t]*:[ \\t]*VCARD[ \\t]*", Pattern.CASE_INSENSITIVE);
    }

    /** The bytes of a property while its lines are put together. */
    private static final class LineBytes extends ByteArrayOutputStream {
        private Optional<Boolean> quotedPrintable = Optional.empty();

        private LineBytes() {
            super(80);
        }

        private boolean endsWithSoftBreak() {
            if (count == 0 || buf[count - 1] != '=') {
                return false;
            }
            // Asked anew only while the value has not begun, so that a property of many lines is not read many times.
            if (quotedPrintable.isEmpty()) {
                UnfoldedLine head = UnfoldedLine.of(Arrays.copyOf(buf, Math.min(count, UnfoldedLine.LONGEST_HEAD)), 0);
                boolean known = head.colon() < head.bytes().length || count > UnfoldedLine.LONGEST_HEAD;
                boolean answer = known && head.isQuotedPrintable();
                quotedPrintable = known ? Optional.of(answer) : Optional.empty();
                return answer;
            }
            return quotedPrintable.get();
        }

        private void chop() {
            count--;
        }

        private UnfoldedLine unfolded(int number) {
            return UnfoldedLine.of(toByteArray(), number);
        }
    }
}
