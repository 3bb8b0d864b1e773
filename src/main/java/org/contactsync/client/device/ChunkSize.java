package org.contactsync.client.device;

import java.time.Duration;
import org.contactsync.client.Shipment;
import org.contactsync.client.local.LocalDatabase;

/**
 * How many contacts a chunk has: as many as the network carries in some seconds, so that an acknowledgement comes often and little is sent twice
 * after a break. An upload keeps the size that it began with, because a chunk is repeated byte by byte (protocol 8.8).
 */
final class ChunkSize {
    private static final String NAME = "chunkContacts";
    private static final int LEAST = 50;
    private static final int MOST = 1_000;
    private static final Duration AIM = Duration.ofSeconds(4);

    private final LocalDatabase database;

    ChunkSize(LocalDatabase database) {
        this.database = database;
    }

    /** Of the next upload. */
    int contacts() {
        return database.value(NAME).map(Integer::parseInt).orElse(Shipment.CHUNK_CONTACTS);
    }

    /** An upload took so long. */
    void measured(boolean upload, int contacts, Duration time) {
        if (upload) {
            long fit = AIM.toMillis() * contacts / Math.max(1, time.toMillis());
            set((int) Math.min(fit, 2L * contacts()));
        }
    }

    /** The connection broke: smaller pieces may come through. */
    void broke(boolean upload) {
        if (upload) {
            set(contacts() / 2);
        }
    }

    private void set(int contacts) {
        int bounded = Math.max(LEAST, Math.min(contacts, MOST));
        if (bounded != contacts()) {
            database.write(() -> {
                database.setValue(NAME, Integer.toString(bounded));
                return 0;
            });
        }
    }
}
