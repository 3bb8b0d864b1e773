package org.contactsync.client;

import java.io.IOException;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.contact.Uid;

/** Receives the contacts of a listing one by one, so that no memory is needed for all of them. */
@FunctionalInterface
public interface ContactVisitor {
    void contact(Uid uid, CanonicalCard card) throws IOException;
}
