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
import org.contactsync.door.BodyBytes;
import org.contactsync.door.BookDoor;
import org.contactsync.door.GzipBytes;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.json.PageJson;
import org.contactsync.sync.reading.BookPages.Leaf;
import org.contactsync.sync.reading.BookReadings.EntriesPage;
import org.contactsync.sync.reading.BookReadings.Reading;

/**
 * All entries in one answer, slice by slice. Each slice is read with its own place and time limit and written before the
 * next one is read, so that a client that does not read holds neither a database connection nor more than one slice. All
 * slices belong to the state of the book that the answer started with; if the book changes meanwhile, the answer breaks off
 * and its JSON is incomplete.
 */
final class EntriesStream implements StreamingOutput {
    private final BookDoor door;
    private final EntriesResource.Entries asked;
    private final Reading<EntriesPage> first;
    private final boolean packed;

    private EntriesStream(BookDoor door, EntriesResource.Entries asked, Reading<EntriesPage> first, boolean packed) {
        this.door = door;
        this.asked = asked;
        this.first = first;
        this.packed = packed;
    }

    /** @param first the first slice */
    static Response.ResponseBuilder answer(
            HttpHeaders headers, BookDoor door, EntriesResource.Entries asked, Reading<EntriesPage> first) {
        boolean packed = GzipBytes.isAccepted(headers);
        return BodyBytes.addCodingHeaders(
                Response.ok(new EntriesStream(door, asked, first, packed), MediaType.APPLICATION_JSON_TYPE), packed);
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
        PageJson.beginEntries(json, first.checkCode());
        Reading<EntriesPage> slice = first;
        while (true) {
            List<Leaf> entries = slice.value().entries();
            entries.forEach(entry -> asked.write(json, entry));
            json.flush();
            out.flush();
            if (!slice.value().more()) {
                break;
            }
            Uid last = entries.get(entries.size() - 1).uid();
            // Makes no book: one that was erased meanwhile is not begun anew because of an answer that is under way.
            slice = door.read(reader ->
                            reader.entries(door.owner(), asked.prefixes(), Optional.of(last), EntriesResource.SLICE))
                    .orElseThrow(() -> new IOException("the account was erased while its entries were written"));
            if (!slice.checkCode().equals(first.checkCode())) {
                throw new IOException("the book has changed while its entries were written");
            }
        }
        PageJson.endEntries(json, Optional.empty());
        json.flush();
    }
}
