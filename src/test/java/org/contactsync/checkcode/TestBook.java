package org.contactsync.checkcode;

import java.util.HashMap;
import java.util.Map;
import org.contactsync.contact.Card;
import org.contactsync.contact.Uid;

/** A book in memory that keeps its digest up to date change by change, as the service does. */
final class TestBook {
    private final CheckCodes codes;
    private final Map<Uid, EntrySum> entries = new HashMap<>();
    private BookDigest digest = BookDigest.EMPTY;

    TestBook(CheckCodes codes) {
        this.codes = codes;
    }

    void put(Uid uid, Card card) {
        delete(uid);
        EntrySum entry = codes.entry(uid, codes.contentHash(CanonicalCard.of(card)));
        entries.put(uid, entry);
        digest = digest.plus(entry);
    }

    void delete(Uid uid) {
        EntrySum old = entries.remove(uid);
        if (old != null) {
            digest = digest.minus(old);
        }
    }

    BookDigest digest() {
        return digest;
    }

    CheckCode checkCode() {
        return codes.checkCode(digest);
    }

    DigestTree tree() {
        DigestTree tree = new DigestTree();
        entries.forEach((uid, entry) -> tree.add(codes.position(uid), entry));
        return tree;
    }
}
