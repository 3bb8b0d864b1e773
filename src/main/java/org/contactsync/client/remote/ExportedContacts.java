package org.contactsync.client.remote;

import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.contactsync.protocol.json.BoundedJson;

/** Counts the contacts of a file that the service has exported, to tell one that was cut off from a whole one (protocol 4.24.2). */
final class ExportedContacts {
    /** A line of its own: what is within a property is folded, and its continuation lines begin with a space. */
    private static final byte[] END = "END:VCARD".getBytes(StandardCharsets.US_ASCII);

    private ExportedContacts() {}

    /** The contacts that are whole; -1 of a list of Cards that does not end. */
    static long count(byte[] file) {
        return file.length > 0 && file[0] == '[' ? cards(file) : vcards(file);
    }

    private static long vcards(byte[] file) {
        long count = 0;
        int start = 0;
        for (int i = 0; i < file.length; i++) {
            if (file[i] == '\n') {
                int end = i > start && file[i - 1] == '\r' ? i - 1 : i;
                if (Arrays.equals(file, start, end, END, 0, END.length)) {
                    count++;
                }
                start = i + 1;
            }
        }
        return count;
    }

    private static long cards(byte[] file) {
        long count = 0;
        int depth = 0;
        try (JsonParser parser = BoundedJson.parser(file)) {
            while (parser.hasNext()) {
                JsonParser.Event event = parser.next();
                if (event == JsonParser.Event.START_OBJECT && depth == 1) {
                    count++;
                }
                if (event == JsonParser.Event.START_OBJECT || event == JsonParser.Event.START_ARRAY) {
                    depth++;
                } else if (event == JsonParser.Event.END_OBJECT || event == JsonParser.Event.END_ARRAY) {
                    depth--;
                }
            }
        } catch (JsonException | NoSuchElementException | IllegalStateException e) {
            return -1;
        }
        return depth == 0 ? count : -1;
    }
}
