package org.contactsync.client.device;

/** Is told what happens, by the thread that works: it should return soon. */
@FunctionalInterface
public interface SyncListener {
    void event(SyncEvent event);
}
