package org.contactsync.store.sql;

import jakarta.persistence.EntityManager;
import org.jspecify.annotations.Nullable;

/** Which database it is, for statements that only one of them has. Asks once; needs no transaction. Thread-safe. */
public final class Product {
    /** H2 describes its settings there, PostgreSQL does not. */
    private static final String H2 = "select count(*) from information_schema.tables"
            + " where lower(table_schema) = 'information_schema' and lower(table_name) = 'settings'";

    private final EntityManager em;
    private volatile @Nullable Boolean postgres;

    public Product(EntityManager em) {
        this.em = em;
    }

    public boolean isPostgres() {
        Boolean known = postgres;
        if (known == null) {
            Number found = (Number) ReadingTime.bound(em.createNativeQuery(H2)).getSingleResult();
            known = found.intValue() == 0;
            postgres = known;
        }
        return known;
    }
}
