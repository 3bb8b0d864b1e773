package org.contactsync.client.cli.terminal;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** Prints all output of the program through {@link SafeText}. */
public final class SafeWriter extends PrintWriter {
    private final Writer raw;
    private final boolean coloured;

    /** Without colours. */
    public SafeWriter(Writer raw) {
        this(raw, false);
    }

    /** @param coloured whether what shows the text understands colours */
    public SafeWriter(Writer raw, boolean coloured) {
        super(new Escaping(raw), true);
        this.raw = raw;
        this.coloured = coloured;
    }

    /** A line of which the terminal shows all in one style. */
    public static void println(PrintWriter out, Style style, String text) {
        print(out, style, text);
        out.println();
    }

    /** Text in one style: safe like all other text. */
    public static void print(PrintWriter out, Style style, String text) {
        if (out instanceof SafeWriter safe && safe.coloured) {
            safe.print(style, text);
        } else {
            out.print(text);
        }
    }

    private void print(Style style, String text) {
        try {
            raw.write(style.begin());
            print(text);
            raw.write(style.end());
        } catch (IOException e) {
            setError();
        }
    }

    /** Whether something could not be written, here or behind it. */
    @Override
    public boolean checkError() {
        return super.checkError() || raw instanceof PrintWriter printer && printer.checkError();
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
