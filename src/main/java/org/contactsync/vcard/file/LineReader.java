package org.contactsync.vcard.file;

import java.io.Reader;
import java.util.Arrays;

/** Unfolded and decoded properties as a stream of characters, one line each. For one thread. */
public final class LineReader extends Reader {
    private final UnfoldedLines lines;
    private final LineDecoder decoder;
    private String line = "";
    private int position;
    private int[] numbers = new int[64];
    private int count;

    LineReader(UnfoldedLines lines, LineDecoder decoder) {
        this.lines = lines;
        this.decoder = decoder;
    }

    @Override
    public int read(char[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (position == line.length()) {
            if (!lines.hasNext()) {
                return -1;
            }
            UnfoldedLine next = lines.next();
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, count * 2);
            }
            numbers[count++] = next.number();
            line = decoder.decode(next) + "\n";
            position = 0;
        }
        int size = Math.min(length, line.length() - position);
        line.getChars(position, position + size, buffer, offset);
        position += size;
        return size;
    }

    /** Where in the file the line stands that is number {@code read} of those that were read, both from 1. */
    public int numberInFile(int read) {
        return read >= 1 && read <= count ? numbers[read - 1] : read;
    }

    @Override
    public void close() {
        // the bytes are in memory
    }
}
