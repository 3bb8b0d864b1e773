package org.contactsync.store;

/** Counting unfinished work on PostgreSQL. */
class BacklogIT extends BacklogScenarios {
    private final JpaTestStore store = PostgresForStores.store().emptied();

    @Override
    JpaTestStore store() {
        return store;
    }

    @Override
    String numbers(int most) {
        return "generate_series(1, " + most + ") n";
    }

    @Override
    String bytes() {
        return "''::bytea";
    }
}
