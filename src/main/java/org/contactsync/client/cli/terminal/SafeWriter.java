package org.contactsync.client.cli.terminal;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** Prints all output of the program through {@link SafeText}. */
public final class SafeWriter extends PrintWriter {
    private final Writer raw;

    public SafeWriter(Writer raw) {
        super(new Escaping(raw), true);
        this.raw = raw;
    }

    /** What is behind it, for data that goes to a file or a program, and for a progress line of this program's own making. */
    public Writer raw() {
        return raw;
    }

    private static final class Escaping extends FilterWriter {
        Escaping(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) throws IOException {
            out.write(SafeText.lines(String.valueOf((char) c)));
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            out.write(SafeText.lines(new String(text, from, length)));
        }

        @Override
        public void write(String text, int from, int length) throws IOException {
            out.write(SafeText.lines(text.substring(from, from + length)));
        }
    }
}
