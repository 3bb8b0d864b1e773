package org.contactsync.api.photo;

import java.util.UUID;
import org.contactsync.photo.ObjectName;
import org.contactsync.photo.PhotoIntake;
import org.contactsync.photo.PhotoObjects;

/** Puts the pieces of one upload into a store outside of the database. For one thread. */
final class ObjectPieces implements PhotoIntake.Pieces {
    private final PhotoObjects objects;
    private final UUID upload;
    private final Runnable requireOpen;
    private int stored;
    private boolean isAway;

    /** @param requireOpen throws if the upload is over; its transaction has ended before the store is asked, which may be slow */
    ObjectPieces(PhotoObjects objects, UUID upload, Runnable requireOpen) {
        this.objects = objects;
        this.upload = upload;
        this.requireOpen = requireOpen;
    }

    @Override
    public void add(int number, byte[] piece) {
        requireOpen.run();
        isAway = true;
        objects.put(new ObjectName(upload, number), piece);
        isAway = false;
        stored = number + 1;
    }

    /**
     * Removes them. Only for an upload that can become a photo no more. Not from a store that has just failed: the client waits for the answer,
     * and the sweep will do it.
     */
    void remove() {
        for (int number = 0; number < stored && !isAway; number++) {
            objects.remove(new ObjectName(upload, number));
        }
    }
}
