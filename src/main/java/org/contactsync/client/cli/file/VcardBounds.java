package org.contactsync.client.cli.file;

import java.util.Optional;

/**
 * Scans a vCard file before it is read, and refuses what would need memory or time out of proportion to its size. One pass over
 * the bytes, whatever their charset.
 */
final class VcardBounds {
    /** A property with its continuation lines: a photo of 24 MiB. */
    private static final int LONGEST_PROPERTY = 32 << 20;

    /** Lines of one vCard: a photo of 24 MiB, folded after 75 characters. */
    private static final int MOST_LINES = 500_000;

    /** A vCard 2.1 may hold another one as its agent, which may have an agent. */
    private static final int DEEPEST = 4;

    private static final byte[] BEGIN = {'B', 'E', 'G', 'I', 'N', ':'};
    private static final byte[] END = {'E', 'N', 'D', ':'};

    private final byte[] bytes;
    private int vcard;
    private int depth;
    private int lines;
    private int propertyStart;

    private VcardBounds(byte[] bytes) {
        this.bytes = bytes;
    }

    /** What is out of bounds, as the end of a sentence about the file. */
    static Optional<String> broken(byte[] bytes) {
        return new VcardBounds(bytes).broken();
    }

    private Optional<String> broken() {
        for (int start = 0; start < bytes.length; ) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
                end++;
            }
            Optional<String> fault = line(start, end);
            if (fault.isPresent()) {
                return fault;
            }
            start = end + 1;
        }
        return Optional.empty();
    }

    private Optional<String> line(int start, int end) {
        boolean continued = start < end && (bytes[start] == ' ' || bytes[start] == '\t');
        if (!continued) {
            propertyStart = start;
        }
        if (end - propertyStart > LONGEST_PROPERTY) {
            return Optional.of("has a property of more than " + (LONGEST_PROPERTY >> 20) + " MiB in vCard " + vcard);
        }
        if (isAt(start, end, BEGIN)) {
            if (depth++ == 0) {
                vcard++;
                lines = 0;
            }
            if (depth > DEEPEST) {
                return Optional.of("has vCards within vCards, more than " + DEEPEST + " deep, in vCard " + vcard);
            }
        } else if (isAt(start, end, END)) {
            depth = Math.max(0, depth - 1);
        }
        return ++lines > MOST_LINES
                ? Optional.of("has more than " + MOST_LINES + " lines in vCard " + vcard)
                : Optional.empty();
    }

    private boolean isAt(int start, int end, byte[] word) {
        if (end - start < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            byte b = bytes[start + i];
            if ((b >= 'a' && b <= 'z' ? b - ('a' - 'A') : b) != word[i]) {
                return false;
            }
        }
        return true;
    }
}
