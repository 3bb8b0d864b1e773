package org.contactsync.client;

import java.io.IOException;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/** Is given the contacts of a listing one by one, so that nobody needs memory for all of them. */
@FunctionalInterface
public interface ContactVisitor {
    void contact(Uid uid, CanonicalCard card) throws IOException;
}
