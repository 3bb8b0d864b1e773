package org.contactsync.sync;

/** Over the fakes. */
class InMemoryRestoreProperties extends RestoreProperties {
    @Override
    protected TestStore newStore() {
        return new InMemoryStore();
    }
}
