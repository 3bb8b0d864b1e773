package org.contactsync.exchange;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Flaw;

/**
 * The vCards of a file as bytes, one after the other. One that would take memory out of proportion is said to be at fault before it is
 * parsed, and so is one that does not end. One pass over the bytes, whatever their charset. For one thread.
 */
final class VcardParts implements Iterator<VcardParts.Part> {
    /** With its continuation lines, without what escapes and folds text. No card has room for more; a picture is left out. */
    private static final int LARGEST_PROPERTY = 384 * 1024;

    /** Without such pictures. */
    private static final int LARGEST = 640 * 1024;

    private static final int MOST_PROPERTIES = 4_000;

    /** A vCard 2.1 may have another one as its agent, which may have an agent. */
    private static final int DEEPEST = 4;

    private static final Set<String> MEDIA = Set.of("PHOTO", "LOGO", "SOUND", "KEY");

    /** A line that begins or ends a vCard; longer lines are not looked at, for speed. */
    private static final int LONGEST_FRAME = 60;

    private static final Pattern BEGIN = Pattern.compile("(?:\\S+\\.)?BEGIN[ \\t]*:[ \\t]*VCARD[ \\t]*");
    private static final Pattern END = Pattern.compile("(?:\\S+\\.)?END[ \\t]*:[ \\t]*VCARD[ \\t]*");
    private static final int LONGEST_NAME = 100;

    /** A line break and a space; of lines that are shorter than any program folds they count. */
    private static final int FOLD = 3;

    private static final int SHORT = 50;

    private final byte[] bytes;
    private int position;

    VcardParts(byte[] bytes) {
        this.bytes = bytes;
        goToBegin();
    }

    /**
     * One vCard.
     *
     * @param bytes none if it is at fault
     * @param withoutMedia whether pictures or sounds were left out that no card has room for
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(byte[] bytes, Optional<Flaw> flaw, boolean withoutMedia) {}

    /** From {@code start}, without the end of the line at {@code end}. */
    private record Line(int start, int end) {}

    @Override
    public boolean hasNext() {
        return position < bytes.length;
    }

    @Override
    public Part next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the file has no more vCards");
        }
        Collected collected = new Collected();
        int depth = 0;
        while (position < bytes.length) {
            Line line = line(position);
            boolean begins = is(line, BEGIN);
            if (begins && depth > 0 && !collected.isInAgent()) {
                collected.fail("vcard-incomplete", "the vCard does not end before the next one begins");
                break;
            }
            boolean ends = !begins && is(line, END);
            depth += begins ? 1 : ends ? -1 : 0;
            if (depth > DEEPEST) {
                collected.fail("vcard-too-complex", "vCards are nested more than " + DEEPEST + " deep");
            }
            collected.add(line);
            position = after(line);
            if (depth == 0) {
                break;
            }
        }
        collected.endProperty(position);
        if (depth > 0) {
            collected.fail("vcard-incomplete", "the vCard does not end");
        }
        goToBegin();
        return collected.toPart();
    }

    /** What is outside of vCards says nothing. */
    private void goToBegin() {
        while (position < bytes.length) {
            Line line = line(position);
            if (is(line, BEGIN)) {
                return;
            }
            position = after(line);
        }
    }

    private Line line(int start) {
        int end = start;
        while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
            end++;
        }
        return new Line(start, end);
    }

    private int after(Line line) {
        boolean both = line.end() + 1 < bytes.length && bytes[line.end()] == '\r' && bytes[line.end() + 1] == '\n';
        return Math.min(bytes.length, line.end() + (both ? 2 : 1));
    }

    private boolean is(Line line, Pattern frame) {
        int length = line.end() - line.start();
        return length <= LONGEST_FRAME
                && length >= "END:VCARD".length()
                && frame.matcher(new String(bytes, line.start(), length, StandardCharsets.ISO_8859_1)
                                .toUpperCase(Locale.ROOT))
                        .matches();
    }

    /** One vCard while its lines are looked at. */
    private final class Collected {
        private final int start = position;
        private final List<Line> cuts = new ArrayList<>();
        private Optional<Flaw> flaw = Optional.empty();
        private int properties;
        private int propertyStart = position;
        private String name = "";
        private int cut;
        /** Bytes that are there only because a vCard escapes and folds text: of this property. */
        private int spareOfProperty;

        /** The same of those before it. */
        private int spare;

        void add(Line line) {
            if (line.start() > propertyStart && continues(line)) {
                spareOfProperty += escapes(line) + (line.end() - line.start() > SHORT ? FOLD : 0);
                return;
            }
            endProperty(line.start());
            spareOfProperty = escapes(line);
            propertyStart = line.start();
            name = name(line);
            if (++properties > MOST_PROPERTIES) {
                fail("vcard-too-complex", "a vCard has at most " + MOST_PROPERTIES + " properties");
            }
        }

        void endProperty(int end) {
            int length = end - propertyStart - spareOfProperty;
            if (length <= LARGEST_PROPERTY) {
                spare += spareOfProperty;
            } else if (MEDIA.contains(name)) {
                cuts.add(new Line(propertyStart, end));
                cut += end - propertyStart;
            } else {
                failTooLarge(length);
            }
            spareOfProperty = 0;
            propertyStart = end;
        }

        boolean isInAgent() {
            return name.equals("AGENT");
        }

        void fail(String code, String detail) {
            flaw = flaw.or(() -> Optional.of(new Flaw(code, detail)));
        }

        private void failTooLarge(int length) {
            fail(
                    CardProfile.tooLarge(length).code(),
                    "the vCard has " + length + " bytes of text, and a card at most " + CardProfile.MAX_CARD_BYTES);
        }

        Part toPart() {
            int length = position - start - cut;
            if (length - spare > LARGEST) {
                failTooLarge(length - spare);
            }
            if (flaw.isPresent()) {
                return new Part(new byte[0], flaw, false);
            }
            byte[] kept = new byte[length];
            int from = start;
            int to = 0;
            for (Line each : cuts) {
                System.arraycopy(bytes, from, kept, to, each.start() - from);
                to += each.start() - from;
                from = each.end();
            }
            System.arraycopy(bytes, from, kept, to, position - from);
            return new Part(kept, Optional.empty(), !cuts.isEmpty());
        }

        /** A backslash before another character; one that a fold separates from it does not count. */
        private int escapes(Line line) {
            int escapes = 0;
            for (int i = line.start(); i < line.end() - 1; i++) {
                if (bytes[i] == '\\') {
                    escapes++;
                    i++;
                }
            }
            return escapes;
        }

        /** Also a line that cannot be a property, such as one of Base64 that somebody forgot to indent. */
        private boolean continues(Line line) {
            if (line.start() == line.end() || bytes[line.start()] == ' ' || bytes[line.start()] == '\t') {
                return true;
            }
            for (int i = line.start(); i < line.end(); i++) {
                if (bytes[i] == ':') {
                    return false;
                }
            }
            return true;
        }

        private String name(Line line) {
            int length = Math.min(LONGEST_NAME, line.end() - line.start());
            String head = new String(bytes, line.start(), length, StandardCharsets.ISO_8859_1).split("[;:]", 2)[0];
            return head.substring(head.lastIndexOf('.') + 1).strip().toUpperCase(Locale.ROOT);
        }
    }
}
