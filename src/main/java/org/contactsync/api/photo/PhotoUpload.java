package org.contactsync.api.photo;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.door.BodyReader;
import org.contactsync.door.BookDoor;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.log.FailureLog;
import org.contactsync.photo.Photo;
import org.contactsync.photo.PhotoDigest;
import org.contactsync.photo.PhotoIntake;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.photo.Photos.Begun;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.UnavailableReason;
import org.contactsync.queue.upkeep.DiskRoom;
import org.contactsync.queue.work.PhotoTransaction;
import org.contactsync.sync.book.BookBusyException;

/** Receives a photo piece by piece. The photo is there when all of it is, or nothing of it is kept. One instance per request. */
@Dependent
public class PhotoUpload {
    private static final FailureLog LOG = FailureLog.of(PhotoUpload.class);

    /** For the largest one 87 KiB a second: a telephone line of 0.7 Mbit/s. */
    private static final Duration TIME = Duration.ofMinutes(2);

    /** A photo that has arrived waits so often for a book that is being changed: 20 seconds, without a connection to the database. */
    private static final int MOST_TURNS = 80;

    private static final Duration TURN = Duration.ofMillis(250);

    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Of {@code Content-Length}. */
    private static final int MOST_DIGITS = 9;

    private final BookDoor door;
    private final BodyReader bodies;
    private final WorkBudget budget;
    private final ReadingPlaces places;
    private final PhotoTransaction transaction;
    private final PhotoObjects objects;
    private final LostPhotos losses;
    private final DiskRoom disk;
    private final Limits limits;

    /**
     * A photo that is on its way.
     *
     * @param lost the upload of the same photo that is replaced because its objects are missing or wrong
     */
    private record Sent(
            long book, PhotoDigest digest, UUID upload, long bytes, boolean asObjects, Optional<UUID> lost) {}

    @Inject
    public PhotoUpload(
            BookDoor door,
            BodyReader bodies,
            WorkBudget budget,
            ReadingPlaces places,
            PhotoTransaction transaction,
            PhotoObjects objects,
            LostPhotos losses,
            DiskRoom disk,
            Limits limits) {
        this.door = door;
        this.bodies = bodies;
        this.budget = budget;
        this.places = places;
        this.transaction = transaction;
        this.objects = objects;
        this.losses = losses;
        this.disk = disk;
        this.limits = limits;
    }

    /**
     * Reads the body, and stores it unless it is there already. What the store of pieces has lost is stored again.
     *
     * @throws ProblemException {@code photos-full} over the user's quota, {@code content-too-large}, {@code unsupported-media-type} for
     *     anything but a picture, {@code digest-mismatch}, {@code not-found} if the account is erased meanwhile, and those of
     *     {@link BodyReader#stream} and {@link LostPhotos#find}
     */
    Photo receive(PhotoDigest digest, HttpHeaders headers, InputStream in) {
        Owner owner = door.owner();
        long bytes = announced(headers);
        long book = door.readBook().id();
        UUID upload = UUID.randomUUID();
        Optional<String> place = objects.takesNew() ? Optional.of(objects.place()) : Optional.empty();
        Function<Optional<UUID>, Begun> begin = lost -> inTurn(
                1,
                () -> places.run(
                        owner,
                        () -> transaction.begin(book, digest, upload, bytes, limits.photosBytes(), place, lost)));
        Begun begun = begin.apply(Optional.empty());
        Optional<UUID> lost = Optional.empty();
        if (begun == Begun.THERE) {
            lost = losses.find(owner, book, digest);
            // Also if nothing is lost: while its objects were read it may have been removed.
            begun = begin.apply(lost);
        }
        return switch (begun) {
            case FULL ->
                throw ProblemException.of(
                        ProblemType.PHOTOS_FULL,
                        "all photos of a user have at most " + limits.photosBytes() + " bytes; each counts " + Photo.ROW
                                + " more");
            case GONE -> throw erased();
            case THERE -> read(digest, bytes, headers, in, (number, piece) -> {});
            case NEW -> store(new Sent(book, digest, upload, bytes, place.isPresent(), lost), headers, in);
        };
    }

    private Photo store(Sent sent, HttpHeaders headers, InputStream in) {
        Owner owner = door.owner();
        ObjectPieces outside = new ObjectPieces(objects, sent.upload(), () -> {
            requireRoom();
            require(places.run(owner, () -> transaction.isOpen(sent.book(), sent.upload())));
        });
        PhotoIntake.Pieces inDatabase = (number, piece) -> {
            requireRoom();
            require(places.run(owner, () -> transaction.add(sent.book(), sent.upload(), number, piece)));
        };
        boolean stored = false;
        try {
            Photo photo = read(sent.digest(), sent.bytes(), headers, in, sent.asObjects() ? outside : inDatabase);
            require(inTurn(
                    MOST_TURNS,
                    () -> places.run(owner, () -> transaction.finish(sent.book(), sent.upload(), photo, sent.lost()))));
            stored = true;
            return photo;
        } finally {
            if (!stored) {
                drop(owner, sent.book(), sent.upload(), outside);
            }
        }
    }

    /** Tries it again while the book is being changed. */
    private static <T> T inTurn(int turns, Supplier<T> work) {
        for (int turn = 1; ; turn++) {
            try {
                return work.get();
            } catch (BookBusyException e) {
                if (turn >= turns) {
                    throw new ProblemException(new Problem.Unavailable(UnavailableReason.BOOK_IN_USE, RETRY));
                }
                LockSupport.parkNanos(TURN.toNanos());
            }
        }
    }

    /** Many photos may have begun while there was room for each. */
    private void requireRoom() {
        if (disk.low()) {
            throw new ProblemException(DiskRoom.problem());
        }
    }

    /** @param most bytes: those that the quota has room for */
    private Photo read(PhotoDigest digest, long most, HttpHeaders headers, InputStream in, PhotoIntake.Pieces pieces) {
        PhotoIntake intake = new PhotoIntake(digest, pieces);
        Share share = budget.share(door.owner());
        try {
            bodies.stream(door.owner(), in, headers, (int) most, TIME, share, new BodyReader.Sink() {
                @Override
                public void accept(byte[] buffer, int length) {
                    intake.accept(buffer, length);
                }

                @Override
                public int held() {
                    return intake.held();
                }
            });
            return intake.complete();
        } finally {
            share.release();
        }
    }

    /** What cannot be removed now is removed when its time is over. */
    private void drop(Owner owner, long book, UUID upload, ObjectPieces outside) {
        try {
            // If it was not open, its last transaction may have been committed all the same: then it is a photo.
            if (places.run(owner, () -> transaction.drop(book, upload))) {
                outside.remove();
            }
        } catch (RuntimeException e) {
            LOG.warning("pieces of a photo are left; the sweeper will remove them", e);
        }
    }

    /** The number of bytes that the request has, or may have at most. */
    private static long announced(HttpHeaders headers) {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return Limits.PHOTO_BYTES;
        }
        if (length.length() > MOST_DIGITS || Long.parseLong(length) > Limits.PHOTO_BYTES) {
            throw ProblemException.of(
                    ProblemType.CONTENT_TOO_LARGE, "a photo has at most " + Limits.PHOTO_BYTES + " bytes");
        }
        return Long.parseLong(length);
    }

    private static void require(boolean open) {
        if (!open) {
            throw erased();
        }
    }

    private static ProblemException erased() {
        return ProblemException.of(ProblemType.NOT_FOUND, "the account was erased while the photo was sent");
    }
}
