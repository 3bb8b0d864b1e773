package org.contactsync.photo;

/** The fake keeps the contract of the store. */
class MemoryObjectsTest implements PhotoObjectsContract {
    private final MemoryObjects objects = new MemoryObjects();

    @Override
    public PhotoObjects objects() {
        return objects;
    }
}
