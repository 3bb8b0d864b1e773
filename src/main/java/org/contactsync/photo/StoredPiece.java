package org.contactsync.photo;

/** A piece of a stored photo, as the database knows it. */
public sealed interface StoredPiece {
    /**
     * The database has its bytes.
     *
     * @param bytes 1 to {@link Photo#PIECE}
     */
    @SuppressWarnings("ArrayRecordComponent") // read from a row, used once
    record Bytes(byte[] bytes) implements StoredPiece {}

    /**
     * It is an object of {@link PhotoObjects}.
     *
     * @param place which store it was put into
     */
    record InStore(ObjectName name, String place) implements StoredPiece {}
}
