package org.contactsync.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.contactsync.sync.SyncTask;
import org.contactsync.sync.Tasks;
import org.jspecify.annotations.Nullable;

/** A row of {@code waiting_step}: there as long as its task waits. Written by this entity, read without it. */
@Entity(name = "Waiting")
@Table(name = "waiting_step")
@SuppressWarnings("NullAway.Init") // filled by JPA
class WaitingRow {
    @Id
    @Column(name = "task_id")
    private UUID taskId;

    @Column(name = "book_id")
    private long bookId;

    /** Given by the database when the row is inserted, under the book's lock: its order is that of acceptance. */
    @Column(name = "place", insertable = false, updatable = false)
    private long place;

    private byte[] payload;

    @Column(name = "next_attempt_millis")
    private long nextAttemptMillis;

    /** Until then the sweeper leaves the task to the instance that it named the owner to. */
    @Column(name = "named_until_millis")
    private long namedUntilMillis;

    /** Null in a row of a version that did not know it. */
    private @Nullable Boolean refuses;

    @Column(name = "requested_at_micros")
    private @Nullable Long requestedAtMicros;

    protected WaitingRow() {}

    WaitingRow(SyncTask task, byte[] payload, Tasks.Terms terms, Instant nextAttempt) {
        taskId = task.id().value();
        bookId = task.book();
        this.payload = payload;
        refuses = terms.refuses();
        requestedAtMicros = TaskRow.micros(terms.requestedAt());
        nextAttemptMillis = nextAttempt.toEpochMilli();
    }
}
