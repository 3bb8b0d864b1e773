package org.contactsync.account;

import java.util.List;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.account.Installation;
import org.contactsync.sync.task.Books;

/** The devices of users. Needs no transaction and takes no lock. Thread-safe. */
public final class Devices {
    private final Books books;
    private final DeviceRows rows;

    public Devices(Books books, DeviceRows rows) {
        this.books = books;
        this.rows = rows;
    }

    /** The latest first; none if the owner has no book. */
    public List<Installation> list(Owner owner) {
        return books.read(owner).map(rows::list).orElse(List.of());
    }
}
