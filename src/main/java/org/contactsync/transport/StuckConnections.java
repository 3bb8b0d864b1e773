package org.contactsync.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.contactsync.transport.Connection.Wait;

/**
 * Decides which connections are closed because a thread is waiting for their client. One thread at a time.
 *
 * <ul>
 *   <li>An answer that is taken at less than {@link #LEAST_RATE} for {@link #SLOW_AFTER}, or that takes {@link #LONGEST}, is ended.
 *   <li>While more than {@link #MANY_WRITING} threads wait to write, those whose clients have taken nothing for
 *       {@link #SILENCE} are ended, the most silent first; with twice as many, those silent for {@link #SHORT_SILENCE}.
 *   <li>While more than {@link #MOST_WRITING} threads wait to write to clients that are not silent, the slowest connections
 *       are ended.
 *   <li>The same applies to bodies, with {@link #MANY_READING}; slow phones send them, so they may be silent for longer.
 * </ul>
 */
final class StuckConnections {
    /** With {@link #MANY_READING}, well below the server's threads ({@code coreThreads}). */
    static final int MANY_WRITING = 24;

    static final int MANY_READING = 64;

    /** Limit for connections that take a little all the time. */
    static final int MOST_WRITING = 64;

    static final Duration SILENCE = Duration.ofMillis(500);
    static final Duration SHORT_SILENCE = Duration.ofMillis(100);
    static final Duration BODY_SILENCE = Duration.ofSeconds(2);

    /** Bytes per second, the rate of a poor mobile network; the same applies to bodies ({@code BodyPace}). */
    static final long LEAST_RATE = 4 * 1024;

    static final Duration SLOW_AFTER = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofMinutes(2);

    /** A client that takes an answer in parts is waiting at most checks, but not at every one. */
    private static final Duration GAP = Duration.ofSeconds(1);

    private final Map<Connection, Seen> waits = new HashMap<>();

    private long ended;

    /** A wait that was observed. */
    private static final class Seen {
        private final Connection connection;
        private final Wait kind;
        private final long since;
        private final long movedBefore;
        private long moved;
        private long movedAt;
        private long seenAt;

        Seen(Connection connection, Wait kind, long now) {
            this.connection = connection;
            this.kind = kind;
            since = now;
            movedBefore = connection.moved();
            moved = movedBefore;
            movedAt = now;
            seenAt = now;
        }

        void look(long now) {
            long newMoved = connection.moved();
            if (newMoved != moved) {
                moved = newMoved;
                movedAt = now;
            }
            seenAt = now;
        }

        boolean silentFor(Duration time, long now) {
            return now - movedAt >= time.toNanos();
        }

        boolean tooSlow(long now) {
            long age = now - since;
            return age >= LONGEST.toNanos() || (age >= SLOW_AFTER.toNanos() && rate(now) < LEAST_RATE);
        }

        /** Bytes per second. */
        double rate(long now) {
            return (moved - movedBefore) / Math.max(1e-3, (now - since) / 1e9);
        }
    }

    /**
     * Checks the connections and ends those that have to be ended.
     *
     * @param nanos a time that never jumps, in nanoseconds
     * @param relief whether all answers whose clients are silent should be ended, not only those beyond the many
     * @return whether so many threads wait that the next check should come soon
     */
    boolean look(Iterable<? extends Connection> connections, long nanos, boolean relief) {
        List<Seen> writing = new ArrayList<>();
        List<Seen> reading = new ArrayList<>();
        for (Connection connection : connections) {
            Wait kind = connection.waitsFor();
            if (kind != Wait.NOTHING) {
                (kind == Wait.TO_WRITE ? writing : reading).add(observe(connection, kind, nanos));
            }
        }
        waits.values().removeIf(seen -> nanos - seen.seenAt > GAP.toNanos());
        writing.removeIf(seen -> {
            boolean slow = seen.tooSlow(nanos);
            if (slow) {
                end(seen);
            }
            return slow;
        });
        boolean crowded = relief || writing.size() > MANY_WRITING || reading.size() > MANY_READING;
        Duration silence = relief || writing.size() > 2 * MANY_WRITING ? SHORT_SILENCE : SILENCE;
        endMostSilent(writing, relief ? 0 : MANY_WRITING, silence, nanos);
        endSlowest(writing, nanos);
        endMostSilent(reading, MANY_READING, BODY_SILENCE, nanos);
        return crowded;
    }

    /** The number of connections ended so far. */
    long ended() {
        return ended;
    }

    private Seen observe(Connection connection, Wait kind, long now) {
        Seen known = waits.get(connection);
        if (known == null || known.kind != kind) {
            Seen first = new Seen(connection, kind, now);
            waits.put(connection, first);
            return first;
        }
        known.look(now);
        return known;
    }

    private void endMostSilent(List<Seen> waiting, int many, Duration silence, long now) {
        int tooMany = waiting.size() - many;
        if (tooMany <= 0) {
            return;
        }
        List<Seen> silent = waiting.stream()
                .filter(seen -> seen.silentFor(silence, now))
                .sorted(Comparator.comparingLong(seen -> seen.movedAt))
                .limit(tooMany)
                .toList();
        silent.forEach(this::end);
        waiting.removeAll(silent);
    }

    /** Ends the slowest connections. None of them is silent: they take a little all the time. */
    private void endSlowest(List<Seen> writing, long now) {
        int tooMany = writing.size() - MOST_WRITING;
        if (tooMany <= 0) {
            return;
        }
        writing.stream()
                .filter(seen -> now - seen.since >= SILENCE.toNanos())
                .sorted(Comparator.comparingDouble(seen -> seen.rate(now)))
                .limit(tooMany)
                .forEach(this::end);
    }

    private void end(Seen seen) {
        waits.remove(seen.connection);
        seen.connection.end();
        ended++;
    }
}
