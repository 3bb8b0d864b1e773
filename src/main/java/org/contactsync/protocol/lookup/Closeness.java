package org.contactsync.protocol.lookup;

import java.util.Locale;

/** How well a number of a contact agrees with the one that was asked for; the best first. */
public enum Closeness {
    /** The same number, or the same digits. */
    EXACT,

    /** The same number apart from the country, which one of the two does not tell. */
    NATIONAL,

    /** One of the two ends with the other, of at least seven digits: an area code is missing. */
    PARTIAL;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
