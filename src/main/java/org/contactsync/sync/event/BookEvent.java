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

/** Something that happened to an owner's book and is committed. */
public sealed interface BookEvent {
    Owner owner();

    /**
     * Readers of the book see something new.
     *
     * @param seq the book's sequence number after it
     * @param checkCode the book's code after it
     * @param device that did it
     */
    record BookChanged(Owner owner, long seq, CheckCode checkCode, Optional<DeviceId> device) implements BookEvent {}

    /** A task that has waited, or an upload, has come to its end, with or without effect. */
    record TaskEnded(Owner owner, TaskId task) implements BookEvent {}

    /** What an update comes to once it is committed. Nobody can wait for a task that has had no row. */
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
