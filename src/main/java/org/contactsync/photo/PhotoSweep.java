package org.contactsync.photo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.contactsync.photo.UnusedPhotos.Cards;
import org.contactsync.photo.UnusedPhotos.Place;
import org.contactsync.photo.UnusedPhotos.Seen;

/**
 * Removes photos that no card of a book or of its history refers to, and that nobody has used for a while. It walks through the books with photos
 * that were not used for that long, reads all cards of each, notes which photos they use, and removes the others. Each run takes a limited time;
 * the next one continues. A book that is being changed is left for the next walk. One thread at a time.
 */
public final class PhotoSweep {
    /** Of one run: the other jobs have to have their turn. */
    private static final long MOST_NANOS = Duration.ofMillis(200).toNanos();

    /** Between two walks, unless photos are kept for a short time only. */
    private static final Duration REST = Duration.ofMinutes(1);

    private static final int EXPIRED = 20;

    /** Photos of a book that one walk looks for: 2 MiB. */
    private static final int MOST_DUE = 10_000;

    /** Photos noted as used in one transaction. */
    private static final int TOGETHER = 100;

    private final UnusedPhotos photos;
    private final Duration grace;
    private final Duration rest;
    private final LongSupplier nanoTime;

    private Instant next = Instant.MIN;
    private long last;
    private Optional<Reading> reading = Optional.empty();

    /** The cards of a book that are being read. */
    private static final class Reading {
        private final Seen seen;
        private final Instant before;

        /** Those that are removed if no card refers to them. */
        private final Set<PhotoDigest> due;

        private final TreeSet<PhotoDigest> used = new TreeSet<>();
        private Optional<Place> next = Optional.of(Place.START);

        Reading(Seen seen, Instant before, Set<PhotoDigest> due) {
            this.seen = seen;
            this.before = before;
            this.due = due;
        }
    }

    /**
     * @param photos each of its methods is a transaction
     * @param grace how long an unused photo stays
     */
    public PhotoSweep(UnusedPhotos photos, Duration grace, LongSupplier nanoTime) {
        this.photos = photos;
        this.grace = grace;
        this.nanoTime = nanoTime;
        Duration part = grace.dividedBy(10);
        rest = part.compareTo(REST) < 0 ? part : REST;
    }

    /** @param now by the database's clock */
    public void run(Instant now) {
        photos.removeExpired(now, EXPIRED);
        long start = nanoTime.getAsLong();
        while (nanoTime.getAsLong() - start < MOST_NANOS && (reading.isPresent() || begin(now))) {
            Reading book = reading.orElseThrow();
            // If the step fails, the book is left for the next walk.
            reading = Optional.empty();
            if (step(book, now)) {
                reading = Optional.of(book);
            }
        }
    }

    /** Whether there is more to do. */
    private boolean step(Reading book, Instant now) {
        Optional<Place> place = book.next;
        if (place.isPresent()) {
            Cards cards = photos.read(book.seen, place.get());
            cards.cards().forEach(card -> PhotoReferences.addTo(book.used, book.due, card));
            book.next = cards.next();
            return true;
        }
        if (!book.used.isEmpty()) {
            use(book, now);
            return true;
        }
        return photos.remove(book.seen, book.before, book.due).orElse(0) > 0;
    }

    /** Looks for the next book; false if the walk is over. */
    private boolean begin(Instant now) {
        if (now.isBefore(next)) {
            return false;
        }
        Instant before = now.minus(grace);
        OptionalLong due = photos.findDue(last, before);
        if (due.isEmpty()) {
            last = 0;
            next = now.plus(rest);
            return false;
        }
        last = due.getAsLong();
        Optional<Seen> seen = photos.see(last);
        if (seen.isEmpty()) {
            photos.removeErased(last, before);
        } else if (!photos.isBusy(last)) {
            reading = Optional.of(
                    new Reading(seen.get(), before, new HashSet<>(photos.findUnused(last, before, MOST_DUE))));
        }
        return reading.isPresent();
    }

    private void use(Reading book, Instant now) {
        List<PhotoDigest> some = new ArrayList<>();
        while (some.size() < TOGETHER && !book.used.isEmpty()) {
            PhotoDigest used = book.used.first();
            some.add(used);
            book.used.remove(used);
            book.due.remove(used);
        }
        photos.use(book.seen.book(), some, now);
    }
}
