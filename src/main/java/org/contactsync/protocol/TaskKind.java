package org.contactsync.protocol;

import java.util.Locale;

/** What a sync task does. On the wire: lower case. */
public enum TaskKind {
    /** Some changes, in one request. */
    INCREMENTAL,
    /** The first upload of an empty book, in chunks. */
    INITIAL,
    /** A full upload in chunks: afterwards the book is exactly what was sent. */
    REPLACE,
    /** More changes than fit one request, in chunks. */
    CHANGES;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its chunks hold whole contacts, which become a new generation of the book. */
    public boolean replacesBook() {
        return this == INITIAL || this == REPLACE;
    }
}
