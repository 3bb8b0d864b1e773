package org.contactsync.protocol;

import java.time.Duration;

/**
 * Every limit that a client can meet, in one place; {@code GET /v1/capabilities} tells them.
 *
 * @param chunkContacts contacts or changes in one request: bounds the time of one transaction
 * @param chunkBytes bytes of one request body after decoding: bounds memory of a request and its message
 * @param oneShotContacts up to so many changes a client sends one request instead of chunks
 * @param oneShotBytes up to so many bytes a client sends one request instead of chunks
 * @param bookContacts contacts of a book: bounds what one user can take
 * @param chunks of one upload
 * @param queuedTasks unfinished tasks of one user: a client that queues more is in a loop
 * @param queuedBytes of the tasks of one user that wait: bounds the rows of a queue and the time to work through it
 * @param bookBytes canonical bytes of all cards of a book: bounds what one user can take
 * @param queueAge how long a task may wait for its turn: bounds how old a promise can get
 * @param waitDefault how long a request waits for its outcome before it is answered 202
 * @param waitMost the longest {@code Prefer: wait}; below the idle time-out of common load balancers (60 s)
 * @param uploadLease how long an upload keeps its place without a new chunk
 * @param taskRetention how long a finished task can be asked for, and its idempotency key is remembered
 * @param changesRetention how long deletions stay in the changes feed at least: bounds the tombstones of a book
 * @param historyRetention how long replaced and deleted contacts are kept
 * @param photosBytes of all photos of a user: bounds what one user can take
 * @param photoGrace how long a photo stays that no contact refers to: a device has so long to send the contact
 */
public record Limits(
        int chunkContacts,
        int chunkBytes,
        int oneShotContacts,
        int oneShotBytes,
        int bookContacts,
        int chunks,
        int queuedTasks,
        long queuedBytes,
        long bookBytes,
        Duration queueAge,
        Duration waitDefault,
        Duration waitMost,
        Duration uploadLease,
        Duration taskRetention,
        Duration changesRetention,
        Duration historyRetention,
        long photosBytes,
        Duration photoGrace) {
    /** Bytes that a contact takes besides its card: uid, hashes, indexes. */
    public static final int STAGED_ROW = 512;

    /** Streams of events that one user may have open at once in one instance: one for each device, and some that have gone silently. */
    public static final int EVENT_STREAMS = 10;

    /** Bytes of one photo: one of a phone's camera fits. */
    public static final int PHOTO_BYTES = 10 * 1024 * 1024;

    /** Cards that lost a conflict and come with one request. */
    public static final int LOST_CARDS = 100;

    /** Changes of a book that its history has at most: a book that changes every second keeps those of three hours. */
    public static final int HISTORY_CHANGES = 10_000;

    public static final Limits DEFAULTS = new Limits(
            1_000,
            4 * 1024 * 1024,
            500,
            1024 * 1024,
            200_000,
            1_000,
            100,
            16 * 1024 * 1024,
            256 * 1024 * 1024,
            Duration.ofHours(24),
            Duration.ofSeconds(10),
            Duration.ofSeconds(55),
            Duration.ofMinutes(15),
            Duration.ofHours(24),
            Duration.ofDays(30),
            Duration.ofDays(30));

    public Limits {
        atLeastOne("chunkContacts", chunkContacts);
        atLeastOne("chunkBytes", chunkBytes);
        atLeastOne("oneShotContacts", oneShotContacts);
        atLeastOne("oneShotBytes", oneShotBytes);
        atLeastOne("bookContacts", bookContacts);
        atLeastOne("chunks", chunks);
        atLeastOne("queuedTasks", queuedTasks);
        if (queuedBytes < 2L * chunkBytes || bookBytes < chunkBytes) {
            throw new IllegalArgumentException("queuedBytes: at least two chunks; bookBytes: at least one");
        }
        if (oneShotContacts > chunkContacts || oneShotBytes > chunkBytes) {
            throw new IllegalArgumentException("oneShotContacts and oneShotBytes: at most those of a chunk");
        }
        if (changesRetention.isNegative() || changesRetention.isZero()) {
            throw new IllegalArgumentException("changesRetention: longer than 0");
        }
        if (historyRetention.isNegative() || historyRetention.isZero()) {
            throw new IllegalArgumentException("historyRetention: longer than 0");
        }
        if (photosBytes < 0 || photoGrace.isNegative() || photoGrace.isZero()) {
            throw new IllegalArgumentException("photosBytes: none or more; photoGrace: longer than 0");
        }
        if (waitDefault.compareTo(waitMost) > 0) {
            throw new IllegalArgumentException("waitDefault: at most waitMost " + waitMost);
        }
    }

    /** Limits with the usual photos. */
    public Limits(
            int chunkContacts,
            int chunkBytes,
            int oneShotContacts,
            int oneShotBytes,
            int bookContacts,
            int chunks,
            int queuedTasks,
            long queuedBytes,
            long bookBytes,
            Duration queueAge,
            Duration waitDefault,
            Duration waitMost,
            Duration uploadLease,
            Duration taskRetention,
            Duration changesRetention,
            Duration historyRetention) {
        this(
                chunkContacts,
                chunkBytes,
                oneShotContacts,
                oneShotBytes,
                bookContacts,
                chunks,
                queuedTasks,
                queuedBytes,
                bookBytes,
                queueAge,
                waitDefault,
                waitMost,
                uploadLease,
                taskRetention,
                changesRetention,
                historyRetention,
                200L * 1024 * 1024,
                Duration.ofDays(7));
    }

    /** The same limits with another lease of uploads. */
    public Limits withUploadLease(Duration lease) {
        return with(lease, queueAge, bookBytes, changesRetention, historyRetention, photosBytes, photoGrace);
    }

    /** The same limits with another age of waiting tasks. */
    public Limits withQueueAge(Duration age) {
        return with(uploadLease, age, bookBytes, changesRetention, historyRetention, photosBytes, photoGrace);
    }

    /** The same limits with other bytes of a book. */
    public Limits withBookBytes(long bytes) {
        return with(uploadLease, queueAge, bytes, changesRetention, historyRetention, photosBytes, photoGrace);
    }

    /** The same limits with another time that the changes feed reaches back. */
    public Limits withChangesRetention(Duration retention) {
        return with(uploadLease, queueAge, bookBytes, retention, historyRetention, photosBytes, photoGrace);
    }

    /** The same limits with another time that replaced and deleted contacts are kept. */
    public Limits withHistoryRetention(Duration retention) {
        return with(uploadLease, queueAge, bookBytes, changesRetention, retention, photosBytes, photoGrace);
    }

    /** The same limits with other photos. */
    public Limits withPhotos(long bytes, Duration grace) {
        return with(uploadLease, queueAge, bookBytes, changesRetention, historyRetention, bytes, grace);
    }

    /**
     * What one user may have staged, and waiting to be removed, at once: room for two of the largest books, one that comes
     * and one that goes. A contact counts as its card and {@link #STAGED_ROW}.
     */
    public long stagedBytes() {
        return 2 * (bookBytes + (long) STAGED_ROW * bookContacts);
    }

    /** What the history of one book may have: room for the largest book. A contact counts as its card and {@link #STAGED_ROW}. */
    public long historyBytes() {
        return bookBytes + (long) STAGED_ROW * bookContacts;
    }

    private Limits with(
            Duration lease, Duration age, long bytes, Duration changes, Duration history, long photos, Duration grace) {
        return new Limits(
                chunkContacts,
                chunkBytes,
                oneShotContacts,
                oneShotBytes,
                bookContacts,
                chunks,
                queuedTasks,
                queuedBytes,
                bytes,
                age,
                waitDefault,
                waitMost,
                lease,
                taskRetention,
                changes,
                history,
                photos,
                grace);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": at least 1, not " + value);
        }
    }
}
