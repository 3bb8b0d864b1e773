package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.contactsync.checkcode.PositionRange;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.book.Deadline;
import org.contactsync.sync.book.RowPage;
import org.junit.jupiter.api.Test;

/** A statement of a reading ends in the database when the reading's deadline has passed. */
interface SlowReadingContract {
    int ROWS = 2_000;

    /** SQLSTATE of a statement that was ended. */
    String ENDED = "57014";

    /** Drivers take whole seconds: one. */
    Duration SHORT = Duration.ofMillis(500);

    /** All rows take 40 s. */
    Duration MOST = Duration.ofSeconds(20);

    /** The store under test; its tables are empty when the test begins. */
    JpaTestStore jpaStore();

    /** What a select has in its {@code from} for a column x with the numbers up to {@link #ROWS}. */
    String numbers();

    /** A condition that takes 20 ms and is false, and what has to be there for it. */
    List<String> slowCondition();

    @Test
    default void aStatementOfAReadingEndsWithItsDeadline() {
        execute("insert into contact (book_id, generation, uid, card, content_hash, position, entry_sum, seq)"
                + " select 7, 0, cast('uid-' || x as bytea), cast('{}' as bytea), cast(repeat('h', 32) as bytea),"
                + " 1, cast(repeat('e', 32) as bytea), x from " + numbers());
        List<String> slow = slowCondition();
        slow.subList(1, slow.size()).forEach(this::execute);
        execute("alter table contact rename to contact_rows");
        execute("create view contact as select * from contact_rows where " + slow.get(0));
        try {
            JpaPages pages = (JpaPages) jpaStore().pages();
            endsInTime(() -> pages.contacts(7, 0, Optional.empty(), new RowPage.Bounds(10, 1_000)));
            endsInTime(() -> pages.leaves(7, 0, Optional.empty(), 10));
            endsInTime(() -> pages.leaves(7, 0, PositionRange.below(List.of("")).get(0), Optional.empty(), 10));
        } finally {
            // The server takes the time back from H2's connection when it puts the statement away; this pool does not.
            Deadline.in(MOST, System::nanoTime)
                    .during(() -> jpaStore().books().read(new Owner("https://issuer.example", "nobody")));
            execute("drop view contact");
            execute("alter table contact_rows rename to contact");
        }
        assertThat(Deadline.in(MOST, System::nanoTime)
                        .during(() -> jpaStore().pages().contact(7, 0, new Uid("uid-7"))))
                .isPresent();
    }

    private void endsInTime(ThrowingCallable reading) {
        long start = System.nanoTime();
        Deadline deadline = Deadline.in(SHORT, System::nanoTime);
        assertThatThrownBy(() -> deadline.during(() -> {
                    try {
                        reading.call();
                        return true;
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Throwable e) {
                        throw new AssertionError(e);
                    }
                }))
                .isInstanceOf(PersistenceException.class)
                .rootCause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        cause -> assertThat(cause.getSQLState()).isEqualTo(ENDED));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(MOST);
    }

    private void execute(String sql) {
        jpaStore().inTransaction(() -> jpaStore().execute(sql));
    }
}
