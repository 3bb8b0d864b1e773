package org.contactsync.protocol;

import java.nio.charset.StandardCharsets;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CanonicalJson;

/**
 * Writes JSON text in the order of the calls. Made for one reason that a general generator does not serve: a card goes out
 * as the very bytes that were stored. For one thread at a time.
 */
public final class JsonWriter {
    private final StringBuilder out = new StringBuilder(256);
    private boolean first = true;

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
        return raw(new String(card.utf8(), StandardCharsets.UTF_8));
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

    /** The text written so far. */
    public String text() {
        return out.toString();
    }

    private void separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }
}
