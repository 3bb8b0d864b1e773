package org.contactsync.client.cli.sync;

/** Whose value a field gets that was changed here and elsewhere. */
enum Side {
    FOLDER,
    SERVER
}
