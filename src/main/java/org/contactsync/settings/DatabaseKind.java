package org.contactsync.settings;

/** The databases that the service runs on. */
public enum DatabaseKind {
    /** One file in the data directory, inside this process. */
    H2,
    /** A PostgreSQL server, version 15 or newer. */
    POSTGRES
}
