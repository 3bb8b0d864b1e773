package org.contactsync.photo;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;

/** Pieces in memory. Thread-safe. */
public final class MemoryObjects implements PhotoObjects {
    private final Map<ObjectName, byte[]> pieces = new ConcurrentHashMap<>();
    private volatile boolean isAway;

    /** Has all calls fail from now on, or none. */
    public void setAway(boolean away) {
        isAway = away;
    }

    @Override
    public boolean takesNew() {
        return true;
    }

    @Override
    public void put(ObjectName name, byte[] piece) {
        requireThere();
        pieces.put(name, piece.clone());
    }

    @Override
    public Optional<byte[]> get(ObjectName name) {
        requireThere();
        return Optional.ofNullable(pieces.get(name)).map(byte[]::clone);
    }

    @Override
    public void remove(ObjectName name) {
        requireThere();
        pieces.remove(name);
    }

    @Override
    public boolean isFine() {
        return !isAway;
    }

    private void requireThere() {
        if (isAway) {
            throw new ProblemException(
                    new Problem.Unavailable(UnavailableReason.PHOTO_STORE_AWAY, Duration.ofSeconds(5)));
        }
    }
}
