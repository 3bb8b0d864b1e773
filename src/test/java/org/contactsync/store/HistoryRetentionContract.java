package org.contactsync.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.Latch;
import org.contactsync.sync.history.HistoryRetention;
import org.contactsync.sync.history.HistoryRetention.Bounds;
import org.contactsync.sync.task.Books.Wanted;
import org.junit.jupiter.api.Test;

/** What two that shorten the same history lock. */
interface HistoryRetentionContract {
    JpaTestStore jpaStore();

    @Test
    default void oneOfTwoShortensABookAndLocksWhatItRemoves() throws Exception {
        JpaTestStore store = jpaStore();
        long book = bookWithHistory();
        HistoryRetention retention = store.historyRetention();
        Bounds bounds = new Bounds(Instant.ofEpochSecond(5), 1_000, 1_000_000);
        CountDownLatch removed = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> store.inTransaction(() -> {
            boolean more = retention.shorten(book, 100, bounds);
            removed.countDown();
            Latch.await(mayEnd);
            return more;
        }));
        assertThat(removed.await(30, TimeUnit.SECONDS)).isTrue();
        try {
            assertThat(store.inTransaction(() -> retention.shorten(book, 100, bounds)))
                    .isFalse();
            store.inTransaction(() -> assertThat(store.rows(
                            "select c.seq from book_change c where c.book_id = ?1 and c.seq = 3 for update nowait",
                            book))
                    .hasSize(1));
        } finally {
            mayEnd.countDown();
        }

        assertThat(first.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(store.rows("select c.seq from book_change c where c.book_id = ?1", book))
                .hasSize(7);
    }

    /** They are left over when the history was cut: their changes are gone. */
    @Test
    default void versionsWithoutTheirChangesAreRemoved() {
        JpaTestStore store = jpaStore();
        long book = bookWithHistory();
        HistoryRetention retention = store.historyRetention();
        Bounds everything = new Bounds(Instant.EPOCH, 1_000, 1_000_000);
        store.inTransaction(() -> {
            store.execute("delete from book_change where book_id = ?1 and seq <= 4", book);
            for (long seq = 3; seq <= 6; seq++) {
                store.execute(
                        "insert into contact_version (book_id, until_seq, uid, from_seq, card, content_hash, position,"
                                + " entry_sum) values (?1, ?2, cast('a' as bytea), 1, cast('a' as bytea), cast('a' as bytea),"
                                + " 0, cast('a' as bytea))",
                        book,
                        seq);
            }
        });

        assertThat(store.inTransaction(() -> retention.exceeds(book, everything)))
                .isTrue();
        assertThat(store.inTransaction(() -> retention.find(0, 1_000, everything))
                        .exceeding())
                .containsExactly(book);
        assertThat(store.inTransaction(() -> retention.shorten(book, 100, everything)))
                .isFalse();

        assertThat(store.inTransaction(() -> retention.exceeds(book, everything)))
                .isFalse();
        assertThat(store.rows("select v.until_seq, v.from_seq from contact_version v where v.book_id = ?1", book))
                .hasSize(2);
        assertThat(store.rows("select c.seq, c.puts from book_change c where c.book_id = ?1", book))
                .hasSize(5);
    }

    /** Between the look for histories and the work on one its account may be erased, which removes the rest. */
    @Test
    default void theHistoryOfABookThatIsGoneIsLeftAlone() {
        JpaTestStore store = jpaStore();
        long book = bookWithHistory();
        Bounds bounds = new Bounds(Instant.ofEpochSecond(5), 1_000, 1_000_000);
        store.inTransaction(() -> store.execute("delete from book where id = ?1", book));

        assertThat(store.inTransaction(() -> store.historyRetention().shorten(book, 100, bounds)))
                .isFalse();

        assertThat(store.rows("select c.seq, c.puts from book_change c where c.book_id = ?1", book))
                .hasSize(9);
    }

    /** Nine changes, of which two are old. */
    private long bookWithHistory() {
        JpaTestStore store = jpaStore();
        Owner owner = new Owner("https://issuer.example", "long history");
        long book = store.inTransaction(
                () -> store.books().lockNow(owner, Wanted.NOTHING).book().id());
        store.inTransaction(() -> {
            store.execute("update book set seq = 9 where id = ?1", book);
            for (long seq = 1; seq <= 9; seq++) {
                store.execute(
                        "insert into book_change (book_id, seq, at_micros, generation, kind, task_id, code_before, code_after,"
                                + " contact_count, puts, deletes, bytes_before) values (?1, ?2, ?3, 0, 'INCREMENTAL',"
                                + " cast('00000000-0000-0000-0000-000000000001' as uuid), 'a', 'b', 0, 0, 0, 0)",
                        book,
                        seq,
                        seq <= 2 ? 0 : 10_000_000);
            }
        });
        return book;
    }
}
