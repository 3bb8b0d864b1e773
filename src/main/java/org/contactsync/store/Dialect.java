package org.contactsync.store;

import java.util.Map;

/** What the two databases spell differently, as the placeholders of the migrations. */
public enum Dialect {
    /** In its PostgreSQL mode; orders text by character codes, and knows no {@code blob} by that name. */
    H2("", "binary large object"),
    POSTGRESQL("collate \"C\"", "bytea");

    private final String binaryOrder;
    private final String blob;

    Dialect(String binaryOrder, String blob) {
        this.binaryOrder = binaryOrder;
        this.blob = blob;
    }

    Map<String, String> placeholders() {
        return Map.of("binary", binaryOrder, "blob", blob);
    }
}
