package org.contactsync.door;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.sync.book.StoredContact;

/**
 * Makes the whole body of an answer as bytes, compressed if the client accepts that, before any of it is written: for a
 * client that reads slowly only these bytes are held, and their number is known.
 */
public final class BodyBytes {
    /** Below that gzip saves next to nothing. */
    private static final int LEAST_PACKED = 1_024;

    /** Bytes around a card: member names, uid, hash. */
    private static final int AROUND = 256;

    private BodyBytes() {}

    /** @param expected the approximate number of bytes */
    public static Response.ResponseBuilder json(HttpHeaders headers, int expected, Consumer<JsonWriter> content) {
        boolean packed = expected >= LEAST_PACKED && GzipBytes.isAccepted(headers);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(packed ? expected / 2 : expected);
        if (packed) {
            pack(bytes, content);
        } else {
            write(new JsonWriter(bytes), content);
        }
        return addCodingHeaders(Response.ok(bytes.toByteArray(), MediaType.APPLICATION_JSON_TYPE), packed);
    }

    /** Sets the headers about the coding of the body. */
    public static Response.ResponseBuilder addCodingHeaders(Response.ResponseBuilder response, boolean packed) {
        response.header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        return packed ? response.header(HttpHeaders.CONTENT_ENCODING, GzipBytes.CODING) : response;
    }

    public static int of(List<StoredContact> contacts) {
        return contacts.stream()
                .mapToInt(each -> AROUND + each.now().map(BodyBytes::length).orElse(0))
                .sum();
    }

    public static int ofChanges(List<BookChange> changes) {
        return changes.stream()
                .mapToInt(each -> AROUND + each.now().map(BodyBytes::length).orElse(0))
                .sum();
    }

    private static int length(Content content) {
        return content.card().length();
    }

    private static void pack(ByteArrayOutputStream bytes, Consumer<JsonWriter> content) {
        try (GzipBytes gzip = new GzipBytes(bytes)) {
            write(new JsonWriter(gzip), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(JsonWriter json, Consumer<JsonWriter> content) {
        content.accept(json);
        json.flush();
    }
}
