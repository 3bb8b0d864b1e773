package org.contactsync.store.sql;

import org.jspecify.annotations.Nullable;

/** Takes values by name: a statement its parameters, a row its columns. */
public interface Named {
    /** @throws IllegalArgumentException when there is no such name */
    Named set(String name, @Nullable Object value);
}
