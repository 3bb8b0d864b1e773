package org.contactsync.photo;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores photos, each for one user. Methods that change something need a transaction of their own; a photo is there when {@link #finish} has
 * committed, and not at all before. {@link #begin} and {@link #finish} do not wait for a book that is being changed.
 */
public interface Photos {
    /**
     * A photo that somebody begins to send.
     *
     * @param upload a random id
     * @param bytes how many it may have at most
     * @param quota what all photos of the user may have together; each counts as its bytes and {@link Photo#ROW}
     * @param now by the database's clock
     * @param until what is left of it then is removed
     * @param place the {@link PhotoObjects#place} that its pieces go to; empty if they go to {@link #add}
     * @param lost an upload whose objects are missing or wrong; a photo that came with it is not taken for one that is there
     */
    record Begin(
            long book,
            PhotoDigest digest,
            UUID upload,
            long bytes,
            long quota,
            Instant now,
            Instant until,
            Optional<String> place,
            Optional<UUID> lost) {}

    /** What came of it. */
    enum Begun {
        NEW,
        /** It is there already; that it was sent again counts as use. */
        THERE,
        /** The user's photos, with those on their way, would have more than the quota. */
        FULL,
        /** The book was erased. */
        GONE
    }

    Begun begin(Begin begin);

    /**
     * Stores a piece.
     *
     * @return false if the upload is over or was erased; then nothing is stored
     */
    boolean add(long book, UUID upload, int number, byte[] piece);

    /** Whether the upload is neither over nor erased: a piece may be put as an object. */
    boolean isOpen(long book, UUID upload);

    /**
     * Makes what was sent a photo. If the same one has come meanwhile, that one stays, unless it came with {@code lost}.
     *
     * @param lost as in {@link Begin}
     * @return false if the upload is over or was erased
     */
    boolean finish(long book, UUID upload, Photo photo, Optional<UUID> lost, Instant now);

    /**
     * Removes what was sent; may be repeated. Objects stay for {@link ObjectSweep}.
     *
     * @return whether the upload was open until now: it has not become a photo, and never will
     */
    boolean drop(long book, UUID upload);

    Optional<Photo> find(long book, PhotoDigest digest);

    /** The same; it counts as use. */
    Optional<Photo> use(long book, PhotoDigest digest, Instant now);

    /** A piece of a photo; empty if the photo is not there any more. */
    Optional<StoredPiece> piece(long book, PhotoDigest digest, int number);

    /** Photos in the order of their digests, after {@code after}; fewer than {@code most} only at the end. */
    List<Photo> list(long book, Optional<PhotoDigest> after, int most);
}
