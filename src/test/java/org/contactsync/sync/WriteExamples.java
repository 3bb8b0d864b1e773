package org.contactsync.sync;

import static org.contactsync.sync.Examples.NOON;
import static org.contactsync.sync.Examples.OTHER_CODE;
import static org.contactsync.sync.Examples.SILENCE;
import static org.contactsync.sync.Examples.contact;
import static org.contactsync.sync.Examples.tombstone;
import static org.contactsync.sync.Examples.uid;
import static org.contactsync.sync.Examples.update;
import static org.contactsync.sync.Examples.waiting;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.protocol.TaskState;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts.Writes;
import org.contactsync.sync.task.BookUpdate;
import org.contactsync.sync.task.SyncTask;

/** Updates for tests of how they are written. */
public final class WriteExamples {
    private WriteExamples() {}

    /** Of a task that did not wait: with no contact, with one that is changed, deleted or new. */
    public static List<BookUpdate> ofOneTask() {
        return List.of(
                of(Writes.NONE),
                of(new Writes(List.of(contact(1, "Ada", 8)), Set.of(uid(1)))),
                of(new Writes(List.of(tombstone(1, 8)), Set.of(uid(1)))),
                of(new Writes(List.of(contact(1, "Ada", 8)), Set.of())));
    }

    private static BookUpdate of(Writes writes) {
        BookState before = new BookState(
                3,
                Examples.ADA,
                CheckKey.of(new byte[CheckKey.BYTES]),
                1,
                1,
                BookDigest.EMPTY,
                OptionalLong.of(0),
                7,
                0,
                0,
                Optional.empty(),
                5);
        BookState after =
                before.advanced(BookDigest.EMPTY.plus(contact(1, "Ada", 8).entry()), 51);
        SyncTask done = waiting(1, 3, NOON)
                .finished(TaskState.DONE, SILENCE, Optional.of(new SyncTask.Applied(8, OTHER_CODE)), NOON);
        return update(before, after, writes, done);
    }
}
