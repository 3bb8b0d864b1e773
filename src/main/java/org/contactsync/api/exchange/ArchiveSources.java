package org.contactsync.api.exchange;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.contactsync.account.Devices;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoDigest;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.photo.Photos;
import org.contactsync.photo.StoredPiece;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.account.Installation;
import org.contactsync.sync.history.BookHistory.Page;
import org.contactsync.sync.history.BookHistory.Place;
import org.contactsync.sync.history.HistoryReadings;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;

/** What an archive has besides the contacts of the book, slice by slice. One instance per request. */
@Dependent
public class ArchiveSources {
    /** Versions of a slice, which ends earlier with 1 MiB of cards. */
    private static final int VERSIONS = 200;

    static final int CHANGES = 1_000;

    static final int PHOTOS = 200;

    private final HistoryReadings history;
    private final Devices devices;
    private final Photos photos;
    private final PhotoObjects objects;
    private final Clock clock;

    @Inject
    public ArchiveSources(HistoryReadings history, Devices devices, Photos photos, PhotoObjects objects, Clock clock) {
        this.history = history;
        this.devices = devices;
        this.photos = photos;
        this.objects = objects;
        this.clock = clock;
    }

    /** A part of the archive that has versions. */
    interface Versions {
        Optional<Reading<Page>> after(Owner owner, Optional<Place> place);
    }

    Optional<Reading<Page>> trash(Owner owner, Optional<Place> after) {
        return history.deleted(owner, after, VERSIONS);
    }

    Optional<Reading<Page>> versions(Owner owner, Optional<Place> after) {
        return history.kept(owner, after, VERSIONS);
    }

    Optional<Reading<Page>> lost(Owner owner, Optional<Place> after) {
        return history.lost(owner, after, VERSIONS);
    }

    /** Changes below a sequence number, the latest first; fewer than {@link #CHANGES} only at the end. */
    Optional<Reading<List<PastChange>>> changes(Owner owner, long below) {
        return history.changes(owner, below, CHANGES);
    }

    /** Few. They are those of the moment: they do not belong to a state of the book. */
    Optional<Reading<List<Installation>>> devices(BookReadings reader, Owner owner) {
        return reader.book(owner).map(book -> new Reading<>(book, BookReadings.checkCode(book), devices.list(owner)));
    }

    /** Photos in the order of their digests; fewer than {@link #PHOTOS} only at the end. They do not belong to a state of the book. */
    Optional<Reading<List<Photo>>> photos(BookReadings reader, Owner owner, Optional<PhotoDigest> after) {
        return reader.book(owner)
                .map(book -> new Reading<>(book, BookReadings.checkCode(book), photos.list(book.id(), after, PHOTOS)));
    }

    /** Where a piece of a photo is; empty if it was removed meanwhile. */
    Optional<Reading<Optional<StoredPiece>>> piece(BookReadings reader, Owner owner, Photo photo, int number) {
        return reader.book(owner)
                .map(book -> new Reading<>(
                        book, BookReadings.checkCode(book), photos.piece(book.id(), photo.digest(), number)));
    }

    /** The bytes of a piece; empty if it was removed meanwhile. Not within a reading: they may be slow to get. */
    Optional<byte[]> bytes(StoredPiece piece) {
        return objects.read(piece);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
