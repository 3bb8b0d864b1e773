package org.contactsync.protocol.json;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON text in the order of the calls. Made for one reason that a general generator does not serve: a card goes out
 * as the very bytes that were stored. For one thread at a time.
 */
public final class JsonWriter {
    /** Characters that are gathered before they go to the stream. */
    private static final int GATHERED = 4_096;

    private final StringBuilder out = new StringBuilder(256);
    private final @Nullable OutputStream sink;
    private boolean first = true;

    /** Gathers the {@link #text}. */
    public JsonWriter() {
        this.sink = null;
    }

    /**
     * Writes to a stream, in UTF-8. What was written is there after {@link #flush}.
     *
     * @throws UncheckedIOException from any method, when the stream fails
     */
    public JsonWriter(OutputStream sink) {
        this.sink = sink;
    }

    public JsonWriter object() {
        separate();
        out.append('{');
        first = true;
        return this;
    }

    public JsonWriter end() {
        out.append('}');
        first = false;
        return this;
    }

    public JsonWriter array() {
        separate();
        out.append('[');
        first = true;
        return this;
    }

    public JsonWriter endArray() {
        out.append(']');
        first = false;
        return this;
    }

    public JsonWriter name(String name) {
        separate();
        CanonicalJson.quote(out, name);
        out.append(':');
        first = true;
        return this;
    }

    public JsonWriter value(String value) {
        separate();
        CanonicalJson.quote(out, value);
        return this;
    }

    public JsonWriter value(long value) {
        separate();
        out.append(value);
        return this;
    }

    public JsonWriter value(boolean value) {
        separate();
        out.append(value);
        return this;
    }

    public JsonWriter nullValue() {
        separate();
        out.append("null");
        return this;
    }

    /** @param json text that is JSON already */
    public JsonWriter raw(String json) {
        separate();
        out.append(json);
        return this;
    }

    public JsonWriter card(CanonicalCard card) {
        if (sink == null) {
            return raw(new String(card.utf8(), StandardCharsets.UTF_8));
        }
        separate();
        flush();
        write(sink, card.utf8());
        return this;
    }

    public JsonWriter member(String name, String value) {
        return name(name).value(value);
    }

    public JsonWriter member(String name, long value) {
        return name(name).value(value);
    }

    public JsonWriter member(String name, boolean value) {
        return name(name).value(value);
    }

    /** The text written so far, by a writer without a stream. */
    public String text() {
        if (sink != null) {
            throw new IllegalStateException("the text went to a stream");
        }
        return out.toString();
    }

    /** Gives the stream all that was written; does not flush the stream. */
    public void flush() {
        if (sink != null) {
            write(sink, out.toString().getBytes(StandardCharsets.UTF_8));
            out.setLength(0);
        }
    }

    private static void write(OutputStream sink, byte[] bytes) {
        try {
            sink.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void separate() {
        if (sink != null && out.length() >= GATHERED) {
            flush();
        }
        if (!first) {
            out.append(',');
        }
        first = false;
    }
}
