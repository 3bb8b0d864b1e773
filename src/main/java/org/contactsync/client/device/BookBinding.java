package org.contactsync.client.device;

import java.io.IOException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.contactsync.client.addressbook.AddressBook;
import org.contactsync.client.local.LocalContact;
import org.contactsync.client.local.LocalDatabase;

/** Which address book the local database belongs to. For one task, in one thread. */
final class BookBinding {
    private static final Logger LOG = Logger.getLogger("org.contactsync.client");
    private static final String NAME = "address-book";

    private final AddressBook book;
    private final Run run;
    private final LocalDatabase database;

    BookBinding(AddressBook book, Run run) {
        this.book = book;
        this.run = run;
        this.database = run.database;
    }

    /** Begins as after a reinstallation if it belongs to another one, e.g. because it was restored on another phone. */
    void check() throws IOException {
        Optional<String> identity = book.identity();
        Optional<String> known = database.value(NAME);
        if (identity.isEmpty() || identity.equals(known)) {
            return;
        }
        database.write(() -> {
            if (known.isPresent()) {
                LOG.log(Level.INFO, "another address book: contacts are recognised by their content");
                forget();
            }
            database.setValue(NAME, identity.get());
            return 0;
        });
    }

    /** Contacts that never were on the server stay, to be sent; of an edit that was not sent the card is kept as that of a conflict. */
    private void forget() {
        for (LocalContact contact : database.contacts().up(true)) {
            contact.card().ifPresent(card -> {
                if (contact.server().isPresent()) {
                    run.keepLoser(contact.uid(), card, true);
                }
            });
        }
        database.forget();
    }
}
