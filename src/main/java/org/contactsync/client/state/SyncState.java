package org.contactsync.client.state;

import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.client.compare.KnownBook;

/**
 * What this client remembers about one account between two runs.
 *
 * @param key of the book's check codes
 * @param checkCode the code on which client and server last agreed, which is the code of {@code known}
 * @param seq the book's sequence number at that code
 * @param known the server's book at that code
 * @param pending a task whose outcome is not known yet
 */
public record SyncState(CheckKey key, CheckCode checkCode, long seq, KnownBook known, Optional<Pending> pending) {
    public CheckCodes codes() {
        return new CheckCodes(key);
    }

    /** Client and server agree on {@code known}, and nothing is under way. */
    public SyncState agreed(CheckCode code, long sequence, KnownBook book) {
        return new SyncState(key, code, sequence, book, Optional.empty());
    }

    public SyncState with(Pending task) {
        return new SyncState(key, checkCode, seq, known, Optional.of(task));
    }

    /** The same book of the server, with another memory of what was sent. */
    public SyncState knowing(KnownBook book) {
        return new SyncState(key, checkCode, seq, book, pending);
    }

    public SyncState withoutPending() {
        return new SyncState(key, checkCode, seq, known, Optional.empty());
    }
}
