package org.contactsync.api.exchange;

import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;
import org.contactsync.door.BookDoor;
import org.contactsync.door.GzipBytes;
import org.contactsync.exchange.FileFormat;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookReadings.ContactPage;
import org.contactsync.sync.reading.BookReadings.Reading;

/**
 * All contacts in one answer, slice by slice. Each slice is read with its own place and time limit and written before the next one is read,
 * so that a client that does not read holds neither a database connection nor more than one slice. All belong to the state of the book that
 * the answer started with. If the book changes meanwhile, or anything fails, the connection is cut: the server would end the answer
 * as if it were whole, and nothing in a file of vCards says that there are more.
 */
final class ExportStream implements StreamingOutput {
    /** Contacts of a slice, which ends earlier with 1 MiB of cards. */
    static final int SLICE = 1_000;

    /** How long a slice that gets no place to read is asked for again: the user's other requests, or other users, have them all. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final BookDoor door;
    private final ExchangePlaces places;
    private final FileFormat format;
    private final Reading<ContactPage> first;
    private final boolean packed;
    private final Runnable cut;
    private final Owner owner;

    ExportStream(
            BookDoor door,
            ExchangePlaces places,
            FileFormat format,
            Reading<ContactPage> first,
            boolean packed,
            Runnable cut) {
        this.door = door;
        this.places = places;
        this.format = format;
        this.first = first;
        this.packed = packed;
        this.cut = cut;
        owner = door.owner();
    }

    @Override
    public void write(OutputStream out) throws IOException {
        places.export(owner, () -> {
            try {
                if (packed) {
                    writePacked(out);
                } else {
                    writeAll(out);
                }
            } catch (Throwable e) {
                // Errors too: what is not whole must not look whole.
                cutAfter(e);
                throw e;
            }
        });
    }

    private void cutAfter(Throwable failure) {
        try {
            cut.run();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void writePacked(OutputStream out) throws IOException {
        GzipBytes gzip = new GzipBytes(out);
        try {
            writeAll(gzip);
            gzip.finish();
        } finally {
            gzip.free();
        }
    }

    private void writeAll(OutputStream out) throws IOException {
        out.write(format.head());
        boolean begun = false;
        Reading<ContactPage> slice = first;
        while (true) {
            List<StoredContact> contacts = slice.value().contacts();
            for (StoredContact contact : contacts) {
                out.write(text(!begun, contact));
                begun = true;
            }
            out.flush();
            if (!slice.value().more()) {
                break;
            }
            Uid last = contacts.get(contacts.size() - 1).uid();
            slice = next(last);
        }
        out.write(format.tail());
    }

    /** A vCard takes some time, and its turn; JSContact next to none. */
    private byte[] text(boolean isFirst, StoredContact contact) throws IOException {
        CanonicalCard card = contact.now().orElseThrow().card();
        return format.isCheap()
                ? format.contact(isFirst, contact.uid(), card)
                : places.map(() -> format.contact(isFirst, contact.uid(), card));
    }

    private Reading<ContactPage> next(Uid last) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return sliceAfter(last);
            } catch (ProblemException e) {
                if (!isBusy(e) || System.nanoTime() - end > 0) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** Makes no book: one that was erased meanwhile is not begun anew because of an answer that is under way. */
    private Reading<ContactPage> sliceAfter(Uid last) throws IOException {
        Reading<ContactPage> slice = door.read(reader -> reader.contacts(owner, Optional.of(last), SLICE))
                .orElseThrow(() -> new IOException("the account was erased while it was exported"));
        if (!slice.checkCode().equals(first.checkCode())) {
            throw new IOException("the book has changed while it was exported");
        }
        return slice;
    }

    private static boolean isBusy(ProblemException refusal) {
        ProblemType type = refusal.problem().type();
        return type == ProblemType.QUOTA_EXCEEDED || type == ProblemType.UNAVAILABLE;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server is stopping");
        }
    }
}
