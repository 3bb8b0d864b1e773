package org.contactsync.store.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks;
import org.jspecify.annotations.Nullable;

/** A row of {@code waiting_step}: it exists while its task waits. Written by this entity, read without it. */
@Entity(name = "Waiting")
@Table(name = "waiting_step")
@SuppressWarnings("NullAway.Init") // filled by JPA
public class WaitingRow {
    @Id
    @Column(name = "task_id")
    private UUID taskId;

    @Column(name = "book_id")
    private long bookId;

    /** Assigned by the database when the row is inserted under the book's lock: its order is that of acceptance. */
    @Column(name = "place", insertable = false, updatable = false)
    private long place;

    private byte[] payload;

    @Column(name = "next_attempt_millis")
    private long nextAttemptMillis;

    /** Until then the sweeper leaves the task to the instance that the owner was returned to. */
    @Column(name = "named_until_millis")
    private long namedUntilMillis;

    /** Null in a row written by a version that did not know the column. */
    private @Nullable Boolean refuses;

    @Column(name = "requested_at_micros")
    private @Nullable Long requestedAtMicros;

    protected WaitingRow() {}

    public WaitingRow(SyncTask task, byte[] payload, Tasks.Terms terms, Instant nextAttempt) {
        taskId = task.id().value();
        bookId = task.book();
        this.payload = payload;
        refuses = terms.refuses();
        requestedAtMicros = TaskRow.micros(terms.requestedAt());
        nextAttemptMillis = nextAttempt.toEpochMilli();
    }
}
