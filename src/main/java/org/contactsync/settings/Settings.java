package org.contactsync.settings;

import java.net.URI;
import java.nio.file.Path;

/**
 * The settings that the code needs.
 *
 * @param address where the service listens, as a client on this machine reaches it; without a slash at the end
 * @param dataDirectory absolute; holds the embedded database and the development key
 * @param database the kind of database
 * @param instance the name of this instance, part of its reply queue's name; no two running instances may share it
 * @param sharesBroker whether other processes may use the same broker
 * @param issuer whose tokens are accepted
 * @param adminGroup the group that {@code groups} of an operator's token must contain
 */
public record Settings(
        URI address,
        Path dataDirectory,
        DatabaseKind database,
        String instance,
        boolean sharesBroker,
        TokenIssuer issuer,
        String adminGroup) {
    private static final int MAX_INSTANCE = 128;

    public Settings {
        if (!dataDirectory.isAbsolute()) {
            throw new IllegalArgumentException("DATA_DIR must be an absolute path, not " + dataDirectory);
        }
        if (adminGroup.isBlank()) {
            throw new IllegalArgumentException("ADMIN_GROUP must not be empty");
        }
        if (instance.length() > MAX_INSTANCE || !instance.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException(
                    "INSTANCE must be 1 to " + MAX_INSTANCE + " of A-Z a-z 0-9 . _ -, not \"" + instance + "\"");
        }
    }
}
