package org.contactsync.store.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.contactsync.protocol.Owner;

/** Whose book a row of {@code book} is, for queries over other tables. The rest of it is read and written in SQL. */
@Entity(name = "Book")
@Table(name = "book")
@SuppressWarnings("NullAway.Init") // filled by JPA
public class BookRow {
    @Id
    private long id;

    @Column(name = "owner_key")
    private String ownerKey;

    private String issuer;
    private String subject;

    protected BookRow() {}

    public Owner owner() {
        return new Owner(issuer, subject);
    }
}
