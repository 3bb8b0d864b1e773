package org.contactsync.store.schema;

import java.util.Map;

/** The differences between the two databases, as placeholders of the migrations. */
public enum Dialect {
    /** In PostgreSQL mode, where {@code bytea} is limited to 1 MiB. */
    H2("binary large object"),
    POSTGRESQL("bytea");

    private final String blob;

    Dialect(String blob) {
        this.blob = blob;
    }

    public Map<String, String> placeholders() {
        return Map.of("blob", blob);
    }
}
