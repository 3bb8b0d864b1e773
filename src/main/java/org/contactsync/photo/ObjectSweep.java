package org.contactsync.photo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.contactsync.photo.ObjectRows.Row;
import org.contactsync.protocol.problem.ProblemException;

/**
 * Removes pieces from the store that no photo has any more: of photos that were removed or erased, by whatever version, and of uploads
 * that did not become one. It walks through all rows, slowly; each run does a limited part, and the next one continues. If the store is away,
 * the rows stay, and with them the knowledge of the pieces. Any number of instances may do it at once. One thread at a time.
 */
public final class ObjectSweep {
    /** After the beginning of an upload until its pieces may be removed: far longer than any of them may be on its way. */
    private static final Duration SETTLE = Duration.ofMinutes(20);

    /** Between two walks. */
    private static final Duration REST = Duration.ofMinutes(10);

    /** Rows of one run: 20 million are walked through in a day. */
    private static final int ROWS = 250;

    /** Of the largest photos, in one run: a thousand requests to the store. */
    private static final int REMOVED = 25;

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private static final ObjectName NONE = new ObjectName(BEFORE_ALL, 0);

    private final ObjectRows rows;
    private final PhotoObjects objects;
    private final Duration settle;
    private final Duration rest;
    private final BooleanSupplier mayGoOn;

    private UUID last = BEFORE_ALL;
    private UUID failed = BEFORE_ALL;
    private Instant next = Instant.MIN;

    /**
     * @param rows each of its methods is a transaction
     * @param grace how long unused photos stay; a short one, for tests, makes the times of the sweep short too
     * @param mayGoOn asked before each piece: false ends the run
     */
    public ObjectSweep(ObjectRows rows, PhotoObjects objects, Duration grace, BooleanSupplier mayGoOn) {
        this.rows = rows;
        this.objects = objects;
        this.mayGoOn = mayGoOn;
        settle = shorter(grace, SETTLE);
        rest = shorter(grace.dividedBy(10), REST);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Does a part of the walk.
     *
     * @param now by the database's clock
     * @throws ProblemException if the store does not do it; the next run tries the same row again, and then leaves it to the next walk
     */
    public void run(Instant now) {
        if (!objects.isFine()) {
            // So that its return is noticed although nobody asks for a photo.
            objects.get(NONE);
        }
        if (now.isBefore(next)) {
            return;
        }
        List<Row> some = rows.list(last, ROWS);
        int removed = 0;
        for (Row row : some) {
            boolean isHere = row.place().equals(objects.place());
            if (isHere && !row.isUsed() && !row.begun().plus(settle).isAfter(now)) {
                if (removed == REMOVED || !tryToRemove(row)) {
                    return;
                }
                removed++;
            }
            last = row.upload();
        }
        if (some.size() < ROWS) {
            last = BEFORE_ALL;
            next = now.plus(rest);
        }
    }

    /** A row whose pieces cannot be removed does not keep the others. */
    private boolean tryToRemove(Row row) {
        try {
            return remove(row);
        } catch (ProblemException e) {
            if (failed.equals(row.upload())) {
                last = row.upload();
            }
            failed = row.upload();
            throw e;
        }
    }

    private boolean remove(Row row) {
        for (int number = 0; number < row.pieces(); number++) {
            if (!mayGoOn.getAsBoolean()) {
                return false;
            }
            objects.remove(new ObjectName(row.upload(), number));
        }
        rows.forget(row.upload());
        return true;
    }
}
