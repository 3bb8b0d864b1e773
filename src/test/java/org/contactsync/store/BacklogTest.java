package org.contactsync.store;

/** Counting unfinished work on H2. */
class BacklogTest extends BacklogScenarios {
    private final JpaTestStore store = JpaTestStore.onH2("backlog").emptied();

    @Override
    JpaTestStore store() {
        return store;
    }

    @Override
    String numbers(int most) {
        return "(select \"X\" as n from system_range(1, " + most + ")) s";
    }

    @Override
    String bytes() {
        return "X''";
    }
}
