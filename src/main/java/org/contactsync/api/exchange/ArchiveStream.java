package org.contactsync.api.exchange;

import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.contactsync.api.exchange.ArchiveSources.Versions;
import org.contactsync.contact.Uid;
import org.contactsync.exchange.AccountArchive;
import org.contactsync.exchange.AccountArchive.Entry;
import org.contactsync.exchange.ArchivedFile;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoCheck;
import org.contactsync.photo.PhotoDigest;
import org.contactsync.photo.StoredPiece;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.PastVersion;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.history.BookHistory.Page;
import org.contactsync.sync.history.BookHistory.Place;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.ContactPage;
import org.contactsync.sync.reading.BookReadings.Reading;

/**
 * An account in one answer, slice by slice, as {@link ExportStream}: each slice has its own place and time limit and is written before the next one
 * is read. All belong to the state of the book that the answer started with. If a task changes the book meanwhile, if the account is erased, or
 * anything fails, the connection is cut. The history is read last of the book: what the server removes of it meanwhile is older than what the archive has.
 */
final class ArchiveStream implements StreamingOutput {
    /** Contacts of a slice, which ends earlier with 1 MiB of cards. An archive may wait for more of them than an export. */
    static final int SLICE = 200;

    /** The largest account takes a few minutes. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Before a slice is asked for again that the server was too busy for. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** In one archive. */
    private static final int MOST_PAUSES = 20;

    private final Owner owner;
    private final Readings readings;
    private final ArchiveSources sources;
    private final ExchangePlaces places;
    private final Reading<ContactPage> first;
    private final Runnable cut;
    private final long start = System.nanoTime();
    private int pauses;

    /** Gives each reading a place and a time limit. */
    interface Readings {
        <T> T read(Function<BookReadings, T> reading);
    }

    ArchiveStream(
            Owner owner,
            Readings readings,
            ArchiveSources sources,
            ExchangePlaces places,
            Reading<ContactPage> first,
            Runnable cut) {
        this.owner = owner;
        this.readings = readings;
        this.sources = sources;
        this.places = places;
        this.first = first;
        this.cut = cut;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        places.archive(owner, () -> {
            try {
                writeAll(out);
            } catch (Throwable e) {
                // Errors too: what is not whole must not look whole.
                cut.run();
                throw e;
            }
        });
    }

    private void writeAll(OutputStream out) throws IOException {
        AccountArchive archive = new AccountArchive(out, sources.now());
        try {
            writeContacts(archive, ArchivedFile.CONTACTS);
            writeContacts(archive, ArchivedFile.VCARDS);
            writeVersions(archive, ArchivedFile.TRASH, sources::trash);
            writeVersions(archive, ArchivedFile.VERSIONS, sources::versions);
            writeVersions(archive, ArchivedFile.LOST, sources::lost);
            writeDevices(archive);
            OptionalLong historyFrom = writeHistory(archive);
            writePhotos(archive);
            BookState book = first.book();
            archive.finish(new AccountArchive.State(
                    first.checkCode(), book.key(), book.seq(), book.digest().count(), historyFrom));
            archive.flush();
        } finally {
            archive.free();
        }
    }

    private void writeContacts(AccountArchive archive, ArchivedFile file) throws IOException {
        Entry entry = archive.begin(file);
        ContactPage page = first.value();
        while (true) {
            List<StoredContact> contacts = page.contacts();
            for (StoredContact contact : contacts) {
                entry.contact(contact.uid(), contact.now().orElseThrow().card());
            }
            archive.flush();
            if (!page.more()) {
                break;
            }
            Uid last = contacts.get(contacts.size() - 1).uid();
            page = read(reader -> reader.contacts(owner, Optional.of(last), SLICE));
        }
        entry.end();
    }

    private void writeVersions(AccountArchive archive, ArchivedFile file, Versions versions) throws IOException {
        Entry entry = archive.begin(file);
        Optional<Place> place = Optional.empty();
        do {
            Optional<Place> after = place;
            Page page = read(reader -> versions.after(owner, after));
            for (PastVersion version : page.versions()) {
                entry.version(version);
            }
            archive.flush();
            place = page.next();
        } while (place.isPresent());
        entry.end();
    }

    private void writeDevices(AccountArchive archive) throws IOException {
        Entry entry = archive.begin(ArchivedFile.DEVICES);
        List<Installation> devices = read(reader -> sources.devices(reader, owner));
        for (Installation device : devices) {
            entry.device(device);
        }
        entry.end();
    }

    /** The oldest task that is there. */
    private OptionalLong writeHistory(AccountArchive archive) throws IOException {
        Entry entry = archive.begin(ArchivedFile.HISTORY);
        OptionalLong oldest = OptionalLong.empty();
        boolean more = true;
        while (more) {
            long below = oldest.orElse(Long.MAX_VALUE);
            List<PastChange> changes = read(reader -> sources.changes(owner, below));
            for (PastChange change : changes) {
                entry.change(change);
                oldest = OptionalLong.of(change.seq());
            }
            archive.flush();
            more = changes.size() == ArchiveSources.CHANGES;
        }
        entry.end();
        return oldest;
    }

    /** One that was removed since it was listed is left out. */
    private void writePhotos(AccountArchive archive) throws IOException {
        List<Photo> photos;
        Optional<PhotoDigest> last = Optional.empty();
        do {
            Optional<PhotoDigest> after = last;
            photos = read(reader -> sources.photos(reader, owner, after));
            for (Photo photo : photos) {
                Optional<byte[]> first = piece(photo, 0);
                if (first.isPresent()) {
                    write(archive, photo, first.get());
                }
                last = Optional.of(photo.digest());
            }
        } while (photos.size() == ArchiveSources.PHOTOS);
    }

    private void write(AccountArchive archive, Photo photo, byte[] first) throws IOException {
        PhotoCheck check = new PhotoCheck(photo);
        archive.beginPhoto(photo);
        archive.photoPiece(checked(check, first));
        for (int n = 1; n < photo.pieces(); n++) {
            byte[] piece =
                    piece(photo, n).orElseThrow(() -> new IOException("a photo was removed while it was exported"));
            archive.photoPiece(checked(check, piece));
        }
        archive.endPhoto();
        archive.flush();
    }

    private static byte[] checked(PhotoCheck check, byte[] piece) throws IOException {
        if (!check.isNext(piece)) {
            throw new IOException("the bytes of a photo are not those that were stored");
        }
        return piece;
    }

    /** Empty if it was removed. */
    private Optional<byte[]> piece(Photo photo, int number) throws IOException {
        Optional<StoredPiece> piece = read(reader -> sources.piece(reader, owner, photo, number));
        return patiently(() -> piece.flatMap(sources::bytes));
    }

    /** Reads something of the same state of the book. */
    private <T> T read(Function<BookReadings, Optional<Reading<T>>> reading) throws IOException {
        Optional<Reading<T>> found = patiently(() -> readings.read(reading));
        return value(found.orElseThrow(() -> new IOException("the account was erased while it was exported")));
    }

    /** A server or a store that is busy is asked again. */
    private <T> T patiently(Supplier<T> reading) throws IOException {
        while (true) {
            if (System.nanoTime() - start > LONGEST.toNanos()) {
                throw new IOException("the archive takes too long");
            }
            try {
                return reading.get();
            } catch (ProblemException e) {
                if (!isPassing(e) || ++pauses > MOST_PAUSES) {
                    throw e;
                }
            }
            pause();
        }
    }

    private <T> T value(Reading<T> reading) throws IOException {
        BookState book = reading.book();
        // Not every task changes the code: one may only hand over cards that lost a conflict.
        boolean same = book.id() == first.book().id()
                && book.seq() == first.book().seq()
                && reading.checkCode().equals(first.checkCode());
        if (!same) {
            throw new IOException("the book has changed while it was exported");
        }
        return reading.value();
    }

    private static boolean isPassing(ProblemException refused) {
        ProblemType type = refused.problem().type();
        return type == ProblemType.UNAVAILABLE || type == ProblemType.QUOTA_EXCEEDED;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
