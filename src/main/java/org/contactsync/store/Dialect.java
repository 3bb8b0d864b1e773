package org.contactsync.store;

import java.util.Map;

/** What the two databases spell differently, as the placeholders of the migrations. */
public enum Dialect {
    /** In its PostgreSQL mode; its {@code bytea} ends at 1 MiB. */
    H2("binary large object"),
    POSTGRESQL("bytea");

    private final String blob;

    Dialect(String blob) {
        this.blob = blob;
    }

    Map<String, String> placeholders() {
        return Map.of("blob", blob);
    }
}
