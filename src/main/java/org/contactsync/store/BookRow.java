package org.contactsync.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
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
@SuppressWarnings("NullAway.Init") // filled by JPA
class BookRow {
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

    protected BookRow() {}

    BookState state() {
        return new BookState(
                id,
                new Owner(issuer, subject),
                CheckKey.of(checkKey),
                generation,
                lastGeneration,
                new BookDigest(contactCount, EntrySum.of(entrySum)),
                seq,
                changesFrom,
                openTasks,
                hold(),
                revision);
    }

    private Optional<BookState.Hold> hold() {
        return holdTask == null || holdUntilMillis == null
                ? Optional.empty()
                : Optional.of(new BookState.Hold(new TaskId(holdTask), Instant.ofEpochMilli(holdUntilMillis)));
    }
}
