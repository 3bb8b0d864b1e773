package org.contactsync.client.remote;

import java.util.Optional;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed.BookChange;
import org.contactsync.protocol.Missed.Content;

/**
 * A changed contact, as reported by the server.
 *
 * @param hash of the contact as it is now; empty when it is gone
 */
public record RemoteChange(Uid uid, Optional<ContentHash> hash) {
    static RemoteChange of(BookChange change) {
        return new RemoteChange(change.uid(), change.now().map(Content::hash));
    }
}
