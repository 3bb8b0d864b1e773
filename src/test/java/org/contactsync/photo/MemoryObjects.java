package org.contactsync.photo;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;

/** Pieces in memory. Thread-safe. */
public final class MemoryObjects implements PhotoObjects {
    public static final String PLACE = "memory";

    private final Map<ObjectName, byte[]> pieces = new ConcurrentHashMap<>();
    private final Set<UUID> kept = ConcurrentHashMap.newKeySet();
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
    public String place() {
        return PLACE;
    }

    @Override
    public Optional<byte[]> read(StoredPiece.InStore piece) {
        return get(piece.name());
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

    /** Fails to remove the pieces of one upload from now on. */
    public void keep(UUID upload) {
        kept.add(upload);
    }

    @Override
    public void remove(ObjectName name) {
        requireThere();
        if (kept.contains(name.upload())) {
            throw away();
        }
        pieces.remove(name);
    }

    @Override
    public boolean isFine() {
        return !isAway;
    }

    private void requireThere() {
        if (isAway) {
            throw away();
        }
    }

    private static ProblemException away() {
        return new ProblemException(new Problem.Unavailable(UnavailableReason.PHOTO_STORE_AWAY, Duration.ofSeconds(5)));
    }
}
