package org.contactsync.photo;

import java.util.Optional;
import org.contactsync.protocol.problem.ProblemException;

/**
 * A store of pieces outside of the database, which may be slow or away. No method may be called in a transaction, or with a place to read the
 * database. Every method may be repeated; each takes a limited time and throws a {@link ProblemException} with {@code unavailable} if the
 * store does not do what it should. Thread-safe.
 */
public interface PhotoObjects {
    /** Whether the pieces of new photos go there. Those of earlier ones are where they are. */
    boolean takesNew();

    /** Which store it is: endpoint and bucket, at most 400 characters; no piece of another one is read or removed. */
    String place();

    /** Stores a piece, in place of the one that may be there. It is durable when this returns. */
    void put(ObjectName name, byte[] piece);

    /** The bytes of a piece; empty if there is none. */
    Optional<byte[]> get(ObjectName name);

    /** Removes a piece if there is one. */
    void remove(ObjectName name);

    /** Whether the store is taken to work; false after some failures in a row, until a call succeeds. */
    boolean isFine();

    /** The bytes of a piece of this store; empty if there is none. One of another store is {@code unavailable}. */
    Optional<byte[]> read(StoredPiece.InStore piece);

    /** The bytes of a piece, wherever they are; empty if they are gone. */
    default Optional<byte[]> read(StoredPiece piece) {
        return piece instanceof StoredPiece.InStore inStore
                ? read(inStore)
                : Optional.of(((StoredPiece.Bytes) piece).bytes());
    }
}
