package org.contactsync.client.compare;

import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;

/** The server's book, as far as a task has to know it. */
public interface ServerBook {
    /** Of all contacts. */
    BookDigest digest(CheckCodes codes);

    /** Of a contact that the task touches; empty when the server has none. */
    Optional<ContentHash> hash(Uid uid);
}
