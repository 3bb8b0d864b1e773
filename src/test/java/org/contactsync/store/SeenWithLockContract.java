package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.TestStore;
import org.contactsync.sync.task.Books.Wanted;
import org.junit.jupiter.api.Test;

/** What a database says of task and contact in the statement that locks the book, if it can say anything. */
interface SeenWithLockContract {
    TestStore store();

    /** The task is looked for in the same statement. */
    @Test
    default void aNewTaskIsUnseen() {
        TaskId task = TaskId.random();

        store().inTransaction(() -> {
            LockedRow locked = locked(new Wanted(Optional.of(task), List.of()));
            assertThat(locked.hasMissed(task)).isTrue();
            assertThat(locked.task(task)).isEmpty();
        });
    }

    /** A contact is read in the same statement, of a book that is there and of one that is not yet. */
    @Test
    default void aContactIsSeenWithTheLock() {
        Uid uid = new Uid("a");

        for (int i = 0; i < 2; i++) {
            store().inTransaction(() -> {
                LockedRow locked = locked(new Wanted(Optional.of(TaskId.random()), List.of(uid)));
                assertThat(locked.hasRead(uid)).isTrue();
                assertThat(locked.marks(List.of(uid))).isEmpty();
            });
        }
    }

    private LockedRow locked(Wanted wanted) {
        return (LockedRow) store().books().lockNow(new Owner("https://issuer.example", "grace"), wanted);
    }
}
