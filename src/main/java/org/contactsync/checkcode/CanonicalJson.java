package org.contactsync.checkcode;

import java.util.Iterator;
import java.util.Map;
import org.contactsync.contact.CardValue;
import org.contactsync.contact.CardValue.Bool;
import org.contactsync.contact.CardValue.Int;
import org.contactsync.contact.CardValue.Items;
import org.contactsync.contact.CardValue.Members;
import org.contactsync.contact.CardValue.Text;

/** Writes the canonical text of a card: the JSON Canonicalization Scheme (RFC 8785) over the card profile. */
public final class CanonicalJson {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private CanonicalJson() {}

    /** The canonical text: members in code-unit order, no white space. */
    public static String write(CardValue value) {
        StringBuilder out = new StringBuilder(512);
        append(out, value);
        return out.toString();
    }

    /** Appends {@code text} between quotes with the escapes of RFC 8785 §3.2.2.2, the shortest form of each. */
    public static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void append(StringBuilder out, CardValue value) {
        if (value instanceof Text text) {
            quote(out, text.value());
        } else if (value instanceof Int number) {
            out.append(number.value());
        } else if (value instanceof Bool bool) {
            out.append(bool.value());
        } else if (value instanceof Items items) {
            append(out, items);
        } else if (value instanceof Members members) {
            append(out, members);
        }
    }

    private static void append(StringBuilder out, Items items) {
        out.append('[');
        for (Iterator<CardValue> each = items.values().iterator(); each.hasNext(); ) {
            append(out, each.next());
            if (each.hasNext()) {
                out.append(',');
            }
        }
        out.append(']');
    }

    private static void append(StringBuilder out, Members members) {
        out.append('{');
        for (Iterator<Map.Entry<String, CardValue>> each =
                        members.values().entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<String, CardValue> member = each.next();
            quote(out, member.getKey());
            out.append(':');
            append(out, member.getValue());
            if (each.hasNext()) {
                out.append(',');
            }
        }
        out.append('}');
    }
}
