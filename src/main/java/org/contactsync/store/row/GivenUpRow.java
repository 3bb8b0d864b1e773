package org.contactsync.store.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** A row of {@code given_up_step}: it exists until its task waits again, is dropped or is deleted. Written in SQL. */
@Entity(name = "GivenUp")
@Table(name = "given_up_step")
@SuppressWarnings("NullAway.Init") // filled by JPA
public class GivenUpRow {
    @Id
    @Column(name = "task_id")
    private UUID taskId;

    @Column(name = "book_id")
    private long bookId;

    /** Assigned by the database: the order in which tasks were given up. */
    @Column(name = "place", insertable = false, updatable = false)
    private long place;

    private byte[] payload;

    @Column(name = "given_up_at_millis")
    private long givenUpAtMillis;

    protected GivenUpRow() {}
}
