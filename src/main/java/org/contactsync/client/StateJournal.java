package org.contactsync.client;

import java.util.Optional;
import org.contactsync.client.state.Pending;
import org.contactsync.client.state.StateFile;
import org.contactsync.client.state.SyncState;

/** The task under way as a part of the state of a push. */
final class StateJournal implements Journal {
    private final StateFile file;
    private final SyncState state;

    StateJournal(StateFile file, SyncState state) {
        this.file = file;
        this.state = state;
    }

    @Override
    public Optional<Pending> pending() {
        return state.pending();
    }

    @Override
    public void keep(Pending pending) {
        file.save(state.with(pending));
    }

    @Override
    public void drop() {
        file.save(state.withoutPending());
    }
}
