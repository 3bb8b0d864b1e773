package org.contactsync.protocol.account;

import java.util.Arrays;
import java.util.Locale;

/** What a request of a device was for (protocol 4.22.1). */
public enum RequestKind {
    READ,
    LOOKUP,
    CHANGE,
    RESTORE,
    UPLOAD,
    EVENTS;

    /** As it is written in answers. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind with that name; one that this version does not know counts as a read. */
    public static RequestKind of(String wireName) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName().equals(wireName))
                .findFirst()
                .orElse(READ);
    }
}
