package org.contactsync.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.Sha256;
import org.contactsync.contact.Uid;
import org.contactsync.photo.Photo;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.json.AccountJson;
import org.contactsync.protocol.json.HistoryJson;
import org.contactsync.protocol.json.JsonWriter;

/**
 * Writes the archive of an account (protocol 4.26): a ZIP of files, one after the other, and last a manifest that says what they have. Keeps
 * nothing of what it has written but numbers. Its memory for compression is outside the heap until it is freed, so it must always be
 * freed. For one thread.
 */
public final class AccountArchive {
    public static final String MEDIA_TYPE = "application/zip";
    public static final String FILE_NAME = "contact-sync-account.zip";
    public static final String MANIFEST = "manifest.json";

    /** The folder of the photos. */
    public static final String PHOTOS = "photos/";

    private static final int VERSION = 1;

    private final ZipBytes zip;
    private final Instant at;
    private final List<Written> written = new ArrayList<>();
    private long photos;
    private long photoBytes;

    /** @param at when it is made */
    public AccountArchive(OutputStream out, Instant at) {
        zip = new ZipBytes(out);
        this.at = at;
    }

    /**
     * The state of the book that is in the archive.
     *
     * @param count contacts of the book
     * @param historyFrom the oldest task of the history; empty if there is none
     */
    public record State(CheckCode code, CheckKey key, long seq, long count, OptionalLong historyFrom) {}

    /** @param items contacts, versions, tasks or devices */
    private record Written(ArchivedFile file, long items, long bytes, String sha256) {}

    /** The next file. The one before must have ended. */
    public Entry begin(ArchivedFile file) throws IOException {
        return new Entry(file);
    }

    /** A photo, a file of its own: its name says its SHA-256. {@link #photoPiece} writes its bytes, {@link #endPhoto} ends it. */
    public void beginPhoto(Photo photo) throws IOException {
        zip.putNextEntry(
                entry(PHOTOS + photo.digest().hex() + "." + photo.type().extension()));
        photos++;
        photoBytes += photo.bytes();
    }

    public void photoPiece(byte[] piece) throws IOException {
        zip.write(piece, 0, piece.length);
    }

    public void endPhoto() throws IOException {
        zip.closeEntry();
    }

    /** Hands on what can be sent by now. */
    public void flush() throws IOException {
        zip.flush();
    }

    /** Completes the archive; without this it is none. */
    public void finish(State state) throws IOException {
        zip.putNextEntry(entry(MANIFEST));
        zip.write(bytes(manifest(state)));
        zip.closeEntry();
        zip.finish();
    }

    /** Frees the memory without completing the archive. */
    public void free() {
        zip.free();
    }

    private ZipEntry entry(String path) {
        ZipEntry entry = new ZipEntry(path);
        entry.setLastModifiedTime(FileTime.from(at));
        return entry;
    }

    private String manifest(State state) {
        JsonWriter json = new JsonWriter()
                .object()
                .member("archive", "contact-sync account")
                .member("version", VERSION)
                .member("createdAt", at.toString())
                .member("checkCode", state.code().value())
                .member("checkKey", state.key().base64Url())
                .member("seq", state.seq())
                .member("count", state.count());
        state.historyFrom().ifPresent(seq -> json.member("historyFrom", seq));
        json.name("files").array();
        written.forEach(each -> json.object()
                .member("name", each.file().path())
                .member("mediaType", each.file().mediaType())
                .member("items", each.items())
                .member("bytes", each.bytes())
                .member("sha256", each.sha256())
                .end());
        return json.endArray()
                .name("photos")
                .object()
                .member("items", photos)
                .member("bytes", photoBytes)
                .end()
                .end()
                .text();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A file that is being written. */
    public final class Entry {
        private final ArchivedFile file;
        private final MessageDigest sha256 = Sha256.start();
        private long items;
        private long bytes;

        private Entry(ArchivedFile file) throws IOException {
            this.file = file;
            zip.putNextEntry(entry(file.path()));
            write(file.format().head());
        }

        public void contact(Uid uid, CanonicalCard card) throws IOException {
            write(file.format().contact(items == 0, uid, card));
            items++;
        }

        public void version(PastVersion version) throws IOException {
            item(json -> HistoryJson.version(json, version));
        }

        public void change(PastChange change) throws IOException {
            item(json -> HistoryJson.change(json, change));
        }

        public void device(Installation device) throws IOException {
            item(json -> AccountJson.write(json, device));
        }

        public void end() throws IOException {
            write(file.format().tail());
            zip.closeEntry();
            written.add(new Written(file, items, bytes, HexFormat.of().formatHex(sha256.digest())));
        }

        private void item(Consumer<JsonWriter> content) throws IOException {
            JsonWriter json = new JsonWriter();
            content.accept(json);
            write(AccountArchive.bytes((items == 0 ? "\n" : ",\n") + json.text()));
            items++;
        }

        private void write(byte[] part) throws IOException {
            zip.write(part, 0, part.length);
            sha256.update(part);
            bytes += part.length;
        }
    }

    /** Favours time over size. */
    private static final class ZipBytes extends ZipOutputStream {
        private static final int BUFFER = 8 * 1024;

        ZipBytes(OutputStream out) {
            super(out);
            setLevel(Deflater.BEST_SPEED);
            buf = new byte[BUFFER];
        }

        void free() {
            def.end();
        }
    }
}
