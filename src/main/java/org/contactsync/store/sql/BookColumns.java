package org.contactsync.store.sql;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.book.BookState;
import org.jspecify.annotations.Nullable;

/** The columns of {@code book}, from and to a {@link BookState}. */
public final class BookColumns {
    /** Columns that a statement selects of the book; what else it selects stands behind them. */
    public static final int COUNT = 14;

    private BookColumns() {}

    /** The owner's book, of a row of one of the {@link BookSql statements}. */
    public static BookState read(Object[] row, Owner owner) {
        return new BookState(
                number(row[0]),
                owner,
                CheckKey.of((byte[]) row[1]),
                number(row[2]),
                number(row[3]),
                new BookDigest(number(row[4]), EntrySum.of((byte[]) row[5])),
                bytes((Long) row[12], (Long) row[13], number(row[6])),
                number(row[6]),
                number(row[7]),
                (int) number(row[8]),
                hold((UUID) row[9], (Long) row[10]),
                number(row[11]));
    }

    /** What {@code after} says over the row that was read as {@code before}, without its hold. */
    public static void bind(Named update, BookState before, BookState after) {
        OptionalLong bytes = after.cardBytes();
        update.set("book", before.id())
                .set("revision", before.revision())
                .set("generation", after.generation())
                .set("lastGeneration", after.lastGeneration())
                .set("contactCount", after.digest().count())
                .set("entrySum", after.digest().sum().bytes())
                .set("seq", after.seq())
                .set("changesFrom", after.changesFrom())
                .set("openTasks", after.openTasks())
                .set("cardBytes", bytes.isPresent() ? bytes.getAsLong() : null);
    }

    /** A version that does not know them changes the book and its sequence number, and leaves them as they were. */
    private static OptionalLong bytes(@Nullable Long bytes, @Nullable Long countedAt, long seq) {
        return bytes == null || countedAt == null || countedAt != seq ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    private static Optional<BookState.Hold> hold(@Nullable UUID task, @Nullable Long untilMillis) {
        return task == null || untilMillis == null
                ? Optional.empty()
                : Optional.of(new BookState.Hold(new TaskId(task), Instant.ofEpochMilli(untilMillis)));
    }
}
