package org.contactsync.settings;

/** The supported kinds of database. */
public enum DatabaseKind {
    /** One file in the data directory, inside this process. */
    H2,
    /** A PostgreSQL server, version 15 or newer. */
    POSTGRES
}
