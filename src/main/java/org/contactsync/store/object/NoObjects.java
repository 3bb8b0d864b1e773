package org.contactsync.store.object;

import java.util.Optional;
import org.contactsync.photo.ObjectName;
import org.contactsync.photo.PhotoObjects;
import org.contactsync.photo.StoredPiece;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.UnavailableReason;

/** No store: new photos go to the database. What another instance has put into one cannot be read here. Immutable. */
public final class NoObjects implements PhotoObjects {
    @Override
    public boolean takesNew() {
        return false;
    }

    @Override
    public String place() {
        return "";
    }

    @Override
    public Optional<byte[]> read(StoredPiece.InStore piece) {
        throw unavailable();
    }

    @Override
    public void put(ObjectName name, byte[] piece) {
        throw unavailable();
    }

    @Override
    public Optional<byte[]> get(ObjectName name) {
        throw unavailable();
    }

    @Override
    public void remove(ObjectName name) {
        throw unavailable();
    }

    @Override
    public boolean isFine() {
        return true;
    }

    private static ProblemException unavailable() {
        return new ProblemException(new Problem.Unavailable(UnavailableReason.PHOTO_STORE_AWAY, S3Objects.RETRY));
    }
}
