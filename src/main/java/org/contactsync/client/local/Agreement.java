package org.contactsync.client.local;

import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;

/**
 * What is known of the server's book as a whole.
 *
 * @param key of its hashes
 * @param seq up to which its changes are known
 * @param digest of what the contacts of the local database have as the server's
 */
public record Agreement(CheckKey key, long seq, BookDigest digest) {
    public CheckCodes codes() {
        return new CheckCodes(key);
    }

    public CheckCode checkCode() {
        return codes().checkCode(digest);
    }

    public Agreement with(long otherSeq, BookDigest other) {
        return new Agreement(key, otherSeq, other);
    }
}
