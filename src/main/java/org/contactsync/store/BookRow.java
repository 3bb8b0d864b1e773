package org.contactsync.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.NamedNativeQuery;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.EntrySum;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.TaskId;
import org.contactsync.sync.BookState;
import org.jspecify.annotations.Nullable;

/** A row of {@code book}. Read here, written only by the conditional update of {@link JpaBooks}. */
@Entity(name = "Book")
@Table(name = "book")
@NamedNativeQuery(name = BookRow.LOCK, query = BookRow.LOCKING)
@NamedNativeQuery(name = BookRow.LOCK_NOW, query = BookRow.LOCKING_NOW)
@NamedNativeQuery(name = BookRow.LOCK_NOW_WITH_CONTACT, query = BookRow.LOCKING_NOW_WITH_CONTACT)
@NamedNativeQuery(name = WriteTogether.NO_CONTACT, query = WriteTogether.WRITING_NO_CONTACT)
@NamedNativeQuery(name = WriteTogether.CHANGED_CONTACT, query = WriteTogether.WRITING_CHANGED_CONTACT)
@NamedNativeQuery(name = WriteTogether.DELETED_CONTACT, query = WriteTogether.WRITING_DELETED_CONTACT)
@NamedNativeQuery(name = WriteTogether.NEW_CONTACT, query = WriteTogether.WRITING_NEW_CONTACT)
@SuppressWarnings("NullAway.Init") // filled by JPA
class BookRow {
    /** Of a row that is read in SQL, for {@link #state(Object[], Owner)}. */
    static final String COLUMNS =
            "id, check_key, generation, last_generation, contact_count, entry_sum, seq, changes_from,"
                    + " open_tasks, hold_task, hold_until_millis, revision, card_bytes, card_bytes_seq";

    /** Named queries: {@link #COLUMNS} and {@link DatabaseTime#MICROS} of the owner's row, which is locked. Parameter 1 is its key. */
    static final String LOCK = "Book.lock";

    /** The same without waiting, and whether the task of parameter {@link #TASK_OF_LOCK} has no row. PostgreSQL only. */
    static final String LOCK_NOW = "Book.lockNow";

    /**
     * The same, with the book's revision and the contact of parameter {@link #CONTACT_OF_LOCK}, both as they were when the
     * statement began: what was committed before it had the lock is in the book's own columns alone.
     */
    static final String LOCK_NOW_WITH_CONTACT = "Book.lockNowWithContact";

    static final int TASK_OF_LOCK = 2;
    static final int CONTACT_OF_LOCK = 3;
    static final String LOCKING =
            "select " + COLUMNS + ", " + DatabaseTime.MICROS + " from book where owner_key = ?1 for update";
    static final String LOCKING_BY_ID =
            "select " + COLUMNS + ", " + DatabaseTime.MICROS + " from book where id = ?1 for update";
    static final String LOCKING_NOW = "select " + COLUMNS + ", " + DatabaseTime.MICROS
            + ", not exists (select 1 from sync_task t where t.id = ?2) from book where owner_key = ?1 for update nowait";
    static final String LOCKING_WITH_CONTACT = "select " + COLUMNS + ", " + DatabaseTime.MICROS
            + ", not exists (select 1 from sync_task t where t.id = ?2)"
            + ", (select b.revision from book b where b.id = book.id), contact_hash, contact_position, contact_entry,"
            + " contact_bytes"
            + " from book left join (select book_id, generation as contact_generation, uid, content_hash as contact_hash,"
            + " position as contact_position, entry_sum as contact_entry, octet_length(card) as contact_bytes"
            + " from contact) c"
            + " on c.book_id = book.id and contact_generation = book.generation and uid = ?3"
            + " where owner_key = ?1 for update of book";
    static final String LOCKING_NOW_WITH_CONTACT = LOCKING_WITH_CONTACT + " nowait";

    @Id
    private long id;

    @Column(name = "owner_key")
    private String ownerKey;

    private String issuer;
    private String subject;

    @Column(name = "check_key")
    private byte[] checkKey;

    private long generation;

    @Column(name = "last_generation")
    private long lastGeneration;

    @Column(name = "contact_count")
    private long contactCount;

    @Column(name = "entry_sum")
    private byte[] entrySum;

    private long seq;

    @Column(name = "changes_from")
    private long changesFrom;

    @Column(name = "open_tasks")
    private int openTasks;

    @Column(name = "hold_task")
    private @Nullable UUID holdTask;

    @Column(name = "hold_until_millis")
    private @Nullable Long holdUntilMillis;

    private long revision;

    @Column(name = "card_bytes")
    private @Nullable Long cardBytes;

    @Column(name = "card_bytes_seq")
    private @Nullable Long cardBytesSeq;

    protected BookRow() {}

    BookState state() {
        return new BookState(
                id,
                new Owner(issuer, subject),
                CheckKey.of(checkKey),
                generation,
                lastGeneration,
                new BookDigest(contactCount, EntrySum.of(entrySum)),
                bytes(cardBytes, cardBytesSeq, seq),
                seq,
                changesFrom,
                openTasks,
                hold(holdTask, holdUntilMillis),
                revision);
    }

    /** The owner's book, of the values of {@link #COLUMNS}. */
    static BookState state(Object[] row, Owner owner) {
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
