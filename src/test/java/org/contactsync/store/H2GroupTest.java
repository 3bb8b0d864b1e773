package org.contactsync.store;

/** The embedded database keeps the contract. */
class H2GroupTest implements GroupContract {
    private static final JpaTestStore H2 = JpaTestStore.onH2("group");

    private final JpaTestStore store = H2.emptied();

    @Override
    public JpaTestStore jpaStore() {
        return store;
    }
}
