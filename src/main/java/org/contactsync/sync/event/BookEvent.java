package org.contactsync.sync.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.EndedTask;
import org.contactsync.sync.task.SyncTask;

/** A committed change of an owner's book or tasks. */
public sealed interface BookEvent {
    Owner owner();

    /**
     * The contents of the book have changed.
     *
     * @param seq the book's sequence number after the change
     * @param checkCode the book's check code after the change
     * @param device the device that made the change, if it has a name
     */
    record BookChanged(Owner owner, long seq, CheckCode checkCode, Optional<DeviceId> device) implements BookEvent {}

    /** A task that waited, or an upload, has ended, with or without effect. */
    record TaskEnded(Owner owner, TaskId task) implements BookEvent {}

    /** The events of an update. A task without a row has none, because nobody can wait for it. */
    static List<BookEvent> of(BookUpdate update) {
        List<BookEvent> events = new ArrayList<>(1);
        Owner owner = update.before().owner();
        for (EndedTask ended : update.ended()) {
            SyncTask task = ended.task();
            task.applied()
                    .filter(applied -> update.changesBook()
                            && applied.seq() == update.after().seq())
                    .ifPresent(applied ->
                            events.add(new BookChanged(owner, applied.seq(), applied.code(), task.device())));
            if (ended.hasRow()) {
                events.add(new TaskEnded(owner, task.id()));
            }
        }
        return events;
    }
}
