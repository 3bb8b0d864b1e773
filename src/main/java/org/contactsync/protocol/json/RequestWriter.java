package org.contactsync.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.Change.Put;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.OnMismatch;
import org.contactsync.protocol.TaskKind;

/** The bodies of this client's requests, byte for byte the same for the same values. */
final class Wire {
    private Wire() {}

    /** One-shot body. */
    static byte[] incremental(List<Change> changes, CheckCode after, OnMismatch onMismatch, boolean confirmDeletes) {
        JsonWriter json = new JsonWriter().object().name("changes").array();
        changes.forEach(change -> json.raw(change(change)));
        json.endArray()
                .member("checkAfter", after.value())
                .member("onMismatch", onMismatch.name().toLowerCase(Locale.ROOT));
        if (confirmDeletes) {
            json.member("confirmDeletes", true);
        }
        return utf8(json.end());
    }

    /** Body of the request that opens an upload. A person's consent to deletions is given with the commit. */
    static byte[] upload(TaskKind kind, CheckCode before, CheckCode after, int chunks, long contacts) {
        return utf8(new JsonWriter()
                .object()
                .member("kind", kind.wireName())
                .member("checkBefore", before.value())
                .member("chunks", chunks)
                .member("contacts", contacts)
                .member("checkAfter", after.value())
                .end());
    }

    /** @param items from {@link #change} or {@link #contact} */
    static byte[] chunk(TaskKind kind, List<String> items) {
        JsonWriter json = new JsonWriter()
                .object()
                .name(kind.replacesBook() ? "contacts" : "changes")
                .array();
        items.forEach(json::raw);
        return utf8(json.endArray().end());
    }

    static byte[] commit(boolean confirmDeletes) {
        return utf8(
                confirmDeletes
                        ? new JsonWriter()
                                .object()
                                .member("confirmDeletes", true)
                                .end()
                        : new JsonWriter().object().end());
    }

    static String change(Change change) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("op", change instanceof Put ? "put" : "delete")
                .member("uid", change.uid().value());
        if (change instanceof Put put) {
            json.name("card").card(put.card());
        }
        change.expected().ifPresent(expected -> {
            Optional<ContentHash> hash = expected.hash();
            json.name("ifContentHash");
            if (hash.isPresent()) {
                json.value(hash.get().hex());
            } else {
                json.nullValue();
            }
        });
        return json.end().text();
    }

    static String contact(Put put) {
        return new JsonWriter()
                .object()
                .member("uid", put.uid().value())
                .name("card")
                .card(put.card())
                .end()
                .text();
    }

    static byte[] gzip(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 3 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory is written without I/O", e);
        }
        return out.toByteArray();
    }

    private static byte[] utf8(JsonWriter json) {
        return json.text().getBytes(StandardCharsets.UTF_8);
    }
}
