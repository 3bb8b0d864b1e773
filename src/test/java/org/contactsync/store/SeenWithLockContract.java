package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.TestStore;
import org.junit.jupiter.api.Test;

/** What a database says of task and contact in the statement that locks the book, if it can say anything. */
interface SeenWithLockContract {
    TestStore store();

    /** The task is looked for in the same statement. */
    @Test
    default void aNewTaskIsUnseen() {
        Owner grace = new Owner("https://issuer.example", "grace");

        assertThat(store().inTransaction(() -> store().books().lockNow(grace, TaskId.random(), Optional.empty()))
                        .unseen())
                .isTrue();
    }

    /** A contact is read in the same statement, of a book that is there and of one that is not yet. */
    @Test
    default void aContactIsSeenWithTheLock() {
        Owner grace = new Owner("https://issuer.example", "grace");
        Uid uid = new Uid("a");

        assertThat(store().inTransaction(() -> store().books().lockNow(grace, TaskId.random(), Optional.of(uid)))
                        .seen())
                .isEqualTo(Map.of(uid, Optional.empty()));
        assertThat(store().inTransaction(() -> store().books().lockNow(grace, TaskId.random(), Optional.of(uid)))
                        .seen())
                .isEqualTo(Map.of(uid, Optional.empty()));
    }
}
