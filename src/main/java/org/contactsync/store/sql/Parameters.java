package org.contactsync.store.sql;

import jakarta.persistence.Query;
import org.jspecify.annotations.Nullable;

/** Sets the parameters of a statement by their numbers. */
public final class Parameters {
    private Parameters() {}

    /** From the first on. */
    public static Query set(Query query, @Nullable Object... values) {
        return setFrom(1, query, values);
    }

    /** @param first number of the first of them; those before it have been set */
    public static Query setFrom(int first, Query query, @Nullable Object... values) {
        for (int i = 0; i < values.length; i++) {
            query.setParameter(first + i, values[i]);
        }
        return query;
    }
}
