package org.contactsync.queue.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.contactsync.photo.ObjectRows;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoDigest;
import org.contactsync.photo.Photos;
import org.contactsync.photo.Photos.Begun;
import org.contactsync.photo.UnusedPhotos;
import org.contactsync.sync.Housekeeping;

/** Each method is one transaction, committed when it returns and rolled back when it throws. */
@ApplicationScoped
@Typed(PhotoTransaction.class)
@Transactional(value = TxType.REQUIRES_NEW, rollbackOn = Exception.class)
@SuppressWarnings("NullAway.Init") // filled by the container
public class PhotoTransaction implements UnusedPhotos, ObjectRows {
    /** Longer than a photo may take to arrive. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private Photos photos;
    private UnusedPhotos unused;
    private ObjectRows objects;
    private Housekeeping housekeeping;

    /** For the container's proxy. */
    protected PhotoTransaction() {}

    @Inject
    public PhotoTransaction(Photos photos, UnusedPhotos unused, ObjectRows objects, Housekeeping housekeeping) {
        this.photos = photos;
        this.objects = objects;
        this.unused = unused;
        this.housekeeping = housekeeping;
    }

    /** The database's time. */
    public Instant now() {
        return housekeeping.now();
    }

    /** See {@link Photos#begin}. */
    public Begun begin(
            long book,
            PhotoDigest digest,
            UUID upload,
            long bytes,
            long quota,
            Optional<String> place,
            Optional<UUID> lost) {
        Instant now = housekeeping.now();
        return photos.begin(new Photos.Begin(book, digest, upload, bytes, quota, now, now.plus(LEASE), place, lost));
    }

    /** See {@link Photos#isOpen}. */
    public boolean isOpen(long book, UUID upload) {
        return photos.isOpen(book, upload);
    }

    /** See {@link Photos#add}. */
    public boolean add(long book, UUID upload, int number, byte[] piece) {
        return photos.add(book, upload, number, piece);
    }

    /** See {@link Photos#finish}. */
    public boolean finish(long book, UUID upload, Photo photo, Optional<UUID> lost) {
        return photos.finish(book, upload, photo, lost, housekeeping.now());
    }

    /** See {@link Photos#drop}. */
    public boolean drop(long book, UUID upload) {
        return photos.drop(book, upload);
    }

    /** See {@link Photos#use}. */
    public Optional<Photo> use(long book, PhotoDigest digest) {
        return photos.use(book, digest, housekeeping.now());
    }

    @Override
    public int removeExpired(Instant now, int most) {
        return unused.removeExpired(now, most);
    }

    @Override
    public OptionalLong findDue(long after, Instant before) {
        return unused.findDue(after, before);
    }

    @Override
    public Optional<Seen> see(long book) {
        return unused.see(book);
    }

    @Override
    public int removeErased(long book, Instant before) {
        return unused.removeErased(book, before);
    }

    @Override
    public Cards read(Seen seen, Place after) {
        return unused.read(seen, after);
    }

    @Override
    public void use(long book, Collection<PhotoDigest> used, Instant now) {
        unused.use(book, used, now);
    }

    @Override
    public boolean isBusy(long book) {
        return unused.isBusy(book);
    }

    @Override
    public List<PhotoDigest> findUnused(long book, Instant before, int most) {
        return unused.findUnused(book, before, most);
    }

    @Override
    public Optional<Integer> remove(Seen seen, Instant before, Set<PhotoDigest> photos) {
        return unused.remove(seen, before, photos);
    }

    @Override
    public List<Row> list(UUID after, int most) {
        return objects.list(after, most);
    }

    @Override
    public void forget(UUID upload) {
        objects.forget(upload);
    }
}
