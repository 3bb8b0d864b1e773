package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.BookState;
import org.contactsync.sync.Staging;
import org.contactsync.sync.Tasks;
import org.junit.jupiter.api.Test;

/** Rows as the version before V6 writes them, which may run beside this one during an update. */
interface EarlierVersionContract {
    Owner HEDY = new Owner("https://issuer.example", "hedy");
    TaskId TASK = new TaskId(new UUID(5, 5));

    /** The store under test; its tables are empty when the test begins. */
    JpaTestStore jpaStore();

    @Test
    default void theBytesOfABookThatItWroteAreNotKnown() {
        BookState book = book();
        execute("update book set contact_count = 1, card_bytes = 7, card_bytes_seq = seq where id = " + book.id());
        assertThat(book().cardBytes()).hasValue(7);

        execute("update book set contact_count = 2, seq = seq + 1 where id = " + book.id());

        assertThat(book().cardBytes()).isEmpty();
        execute("update book set card_bytes = null, card_bytes_seq = null where id = " + book.id());
        assertThat(book().cardBytes()).isEmpty();
        assertThat(jpaStore()
                        .inTransaction(() -> jpaStore().books().lockNow(HEDY, TASK, Optional.of(new Uid("a"))))
                        .book()
                        .cardBytes())
                .isEmpty();
    }

    @Test
    default void theTermsOfATaskThatItParkedAreInItsPayload() {
        BookState book = book();
        execute(
                "insert into waiting_step (task_id, book_id, payload, next_attempt_millis, named_until_millis) values ('"
                        + TASK.value() + "', " + book.id() + ", cast('abc' as bytea), 0, 0)");

        List<Tasks.Parked> parked = jpaStore().tasks().parked(book.id());

        assertThat(parked).hasSize(1);
        assertThat(parked.get(0).terms()).isEmpty();
        assertThat(parked.get(0).bytes()).isEqualTo(3);
    }

    @Test
    default void theBytesOfAChunkThatItTookAreNotKnown() {
        execute("insert into upload_chunk (task_id, number, digest, acknowledgement) values ('" + TASK.value()
                + "', 1, 'd', 'a')");
        execute("insert into garbage (book_id, generation) values (" + book().id() + ", 3)");

        assertThat(jpaStore().staging().sum(TASK)).isEqualTo(new Staging.Sum(0, 0, 1));
        assertThat(jpaStore().staging().discarded(book().id())).isZero();
    }

    private BookState book() {
        return jpaStore().inTransaction(() -> jpaStore().books().lock(HEDY).book());
    }

    private void execute(String sql) {
        jpaStore().inTransaction(() -> jpaStore().execute(sql));
    }
}
