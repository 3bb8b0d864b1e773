package org.contactsync.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.compare.HashedBook;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;

/** The comparison by the digest tree that the library has, for devices of tests that change books in both directions. */
public final class TreeRepair {
    private TreeRepair() {}

    /** The hashes of the server's book, unless it has changed meanwhile. The caller compares the check code (protocol 10.7). */
    public static Optional<Map<Uid, ContentHash>> find(
            BookClient client, CheckCodes codes, List<HashedBook> books, BookHead head)
            throws ServerUnreachable, ServerRefusal {
        return new TreeComparison(client.treeClient(), codes, books, head, true).find();
    }
}
