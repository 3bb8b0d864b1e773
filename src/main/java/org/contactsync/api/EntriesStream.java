package org.contactsync.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.sync.BookPages.Leaf;
import org.contactsync.sync.BookReadings.EntriesPage;
import org.contactsync.sync.BookReadings.Reading;

/**
 * All entries in one answer, a slice at a time: each is read in a place and a time of its own and written before the next one
 * is read, so that a client that does not read holds neither a connection to the database nor more than one slice. All slices are
 * of the book that the answer began with; when it has changed meanwhile, the answer breaks off, and its JSON with it.
 */
final class EntriesStream implements StreamingOutput {
    private final BookDoor door;
    private final List<String> prefixes;
    private final Reading<EntriesPage> first;
    private final boolean packed;

    private EntriesStream(BookDoor door, List<String> prefixes, Reading<EntriesPage> first, boolean packed) {
        this.door = door;
        this.prefixes = prefixes;
        this.first = first;
        this.packed = packed;
    }

    /** @param first the first slice */
    static Response.ResponseBuilder answer(
            HttpHeaders headers, BookDoor door, List<String> prefixes, Reading<EntriesPage> first) {
        boolean packed = GzipBytes.isAccepted(headers);
        return BodyBytes.coded(
                Response.ok(new EntriesStream(door, prefixes, first, packed), MediaType.APPLICATION_JSON_TYPE), packed);
    }

    @Override
    public void write(OutputStream out) throws IOException {
        if (!packed) {
            writeAll(out);
            return;
        }
        GzipBytes gzip = new GzipBytes(out);
        try {
            writeAll(gzip);
            gzip.finish();
        } finally {
            gzip.free();
        }
    }

    private void writeAll(OutputStream out) throws IOException {
        JsonWriter json = new JsonWriter(out);
        EntriesResource.begin(json, first);
        Reading<EntriesPage> slice = first;
        while (true) {
            List<Leaf> entries = slice.value().entries();
            entries.forEach(entry -> EntriesResource.write(json, entry));
            json.flush();
            out.flush();
            if (!slice.value().more()) {
                break;
            }
            Uid last = entries.get(entries.size() - 1).uid();
            slice = door.existing(
                    reader -> reader.entries(door.owner(), prefixes, Optional.of(last), EntriesResource.SLICE));
            if (!slice.checkCode().equals(first.checkCode())) {
                throw new IOException("the book has changed while its entries were written");
            }
        }
        json.endArray().end().flush();
    }
}
