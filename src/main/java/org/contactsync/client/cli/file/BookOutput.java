package org.contactsync.client.cli.file;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.cli.terminal.SafeWriter;
import org.contactsync.client.cli.terminal.Terminal;
import org.contactsync.client.http.Progress;
import org.contactsync.client.state.WholeFile;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;

/**
 * Writes a book to a file, which appears only when it is complete. Output for standard output is first collected in a file that
 * only its owner can read. Needs memory for one contact. For one thread.
 */
public final class BookOutput implements BookSink {
    private final WholeFile file;
    private final Writer out;
    private final Optional<Spool> spool;
    private final BookFormat format;
    private final CheckCodes codes;
    private final long expected;
    private final Progress progress;
    private BookDigest digest = BookDigest.EMPTY;

    /** Where the content waits, and where it goes. */
    private record Spool(Path directory, Path path, SafeWriter to) {}

    private BookOutput(Path path, Optional<Spool> spool, BookFormat format, BookHead head, Progress progress)
            throws IOException {
        this.file = WholeFile.begin(path);
        this.out = new BufferedWriter(new OutputStreamWriter(file.stream(), StandardCharsets.UTF_8), 1 << 16);
        this.spool = spool;
        this.format = format;
        this.codes = new CheckCodes(head.checkKey());
        this.expected = head.count();
        this.progress = progress;
        format.begin(out);
    }

    /** Writes to a file. */
    public static BookOutput to(Path path, BookFormat format, BookHead head, Progress progress) throws IOException {
        return new BookOutput(path, Optional.empty(), format, head, progress);
    }

    /** Writes to standard output: with control characters made visible when that is a terminal, else byte for byte. */
    public static BookOutput to(SafeWriter standard, BookFormat format, BookHead head, Progress progress)
            throws IOException {
        Path directory = Files.createTempDirectory("contact-sync-"); // readable by its owner only
        Path path = directory.resolve("book");
        return new BookOutput(path, Optional.of(new Spool(directory, path, standard)), format, head, progress);
    }

    @Override
    public void contact(Uid uid, CanonicalCard card) throws IOException {
        digest = digest.plus(codes.entry(uid, codes.contentHash(card)));
        format.contact(out, contacts(), uid, card);
        progress.reading(contacts(), expected);
    }

    @Override
    public long contacts() {
        return digest.count();
    }

    @Override
    public CheckCode checkCode() {
        return codes.checkCode(digest);
    }

    @Override
    public void finish() throws IOException {
        format.end(out);
        out.flush();
        file.finish();
        if (spool.isPresent()) {
            SafeWriter standard = spool.get().to();
            Writer to = Terminal.isOut() ? standard : standard.raw();
            try (Reader in = Files.newBufferedReader(spool.get().path())) {
                in.transferTo(to);
            }
            to.flush();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (spool.isPresent()) {
            Files.deleteIfExists(spool.get().path());
            Files.deleteIfExists(spool.get().directory());
        }
    }
}
