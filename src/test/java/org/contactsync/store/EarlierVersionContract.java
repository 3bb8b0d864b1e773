package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.book.Alternation;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.book.Contacts;
import org.contactsync.sync.task.Books.Wanted;
import org.contactsync.sync.task.Tasks;
import org.contactsync.sync.upload.Staging;
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
                        .inTransaction(() ->
                                jpaStore().books().lockNow(HEDY, new Wanted(Optional.of(TASK), List.of(new Uid("a")))))
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

    /** It changes a row and leaves what it does not know. */
    @Test
    default void whatIsRememberedOfAContactIsOfTheRowThatItWasWrittenWith() {
        BookState book = book();
        Uid uid = new Uid("a");
        execute(
                "insert into contact (book_id, generation, uid, content_hash, position, entry_sum, seq, device) values ("
                        + book.id()
                        + ", 0, cast('a' as bytea), cast('12345678901234567890123456789012' as bytea), 1, cast('12345678901234567890123456789012' as bytea), 4, 'phone')");

        assertThat(mark(book, uid).alternation()).isEmpty();
        Alternation known = new Alternation(4, 17, "tablet".hashCode(), 3, 1_000_000);
        execute("update contact set alternation = ?1", known.bytes());
        assertThat(mark(book, uid).alternation()).contains(known);
        assertThat(mark(book, uid).device()).contains(new DeviceId("phone"));

        execute("update contact set seq = 5");
        assertThat(mark(book, uid).alternation()).isEmpty();
        execute("update contact set seq = 4, alternation = cast('another form' as bytea)");
        assertThat(mark(book, uid).alternation()).isEmpty();
    }

    private Contacts.Mark mark(BookState book, Uid uid) {
        return Objects.requireNonNull(jpaStore()
                .contacts()
                .marks(book.id(), book.generation(), List.of(uid))
                .get(uid));
    }

    private BookState book() {
        return jpaStore().inTransaction(() -> jpaStore().books().lock(HEDY).book());
    }

    private void execute(String sql, Object... parameters) {
        jpaStore().inTransaction(() -> jpaStore().execute(sql, parameters));
    }
}
