package org.contactsync.client.compare;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.compare.ContactDifference.Cause;
import org.contactsync.client.compare.KnownBook.KnownContact;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.json.PageReader.ContactVisitor;

/**
 * Compares a phone book with the server's book, which comes contact by contact; keeps only what differs. For one comparison, in one
 * thread.
 */
public final class BookDifference implements ContactVisitor {
    private final PhoneBook phone;
    private final KnownBook known;
    private final CheckCodes codes;
    private final Map<Uid, ContactDifference> differences = new TreeMap<>(KnownBook.ORDER);
    private final Set<Uid> onServer = new HashSet<>();
    private BookDigest digest = BookDigest.EMPTY;
    private long same;

    /** @param known the server's book when this client last agreed with it; empty if it never did */
    public BookDifference(PhoneBook phone, KnownBook known, CheckCodes codes) {
        this.phone = phone;
        this.known = known;
        this.codes = codes;
    }

    /** One contact of the server. */
    @Override
    public void contact(Uid uid, CanonicalCard card) {
        ContentHash hash = codes.contentHash(card);
        digest = digest.plus(codes.entry(uid, hash));
        onServer.add(uid);
        Optional<CanonicalCard> ours = Optional.ofNullable(phone.contacts().get(uid));
        if (ours.equals(Optional.of(card))) {
            same++;
        } else if (!phone.leftOut().contains(uid)) {
            add(uid, ours, Optional.of(card), Optional.of(hash));
        }
    }

    /** What differs, when all contacts of the server have come; in the order of the uids' text. */
    public List<ContactDifference> finish() {
        phone.contacts().forEach((uid, card) -> {
            if (!onServer.contains(uid)) {
                add(uid, Optional.of(card), Optional.empty(), Optional.empty());
            }
        });
        return List.copyOf(Collections.unmodifiableCollection(differences.values()));
    }

    /** Contacts that both have alike. */
    public long same() {
        return same;
    }

    /** Of the contacts of the server that have come. */
    public CheckCode checkCode() {
        return codes.checkCode(digest);
    }

    private void add(
            Uid uid, Optional<CanonicalCard> ours, Optional<CanonicalCard> theirs, Optional<ContentHash> onServerNow) {
        Optional<ContentHash> base =
                Optional.ofNullable(known.contacts().get(uid)).flatMap(KnownContact::sent);
        differences.put(uid, new ContactDifference(uid, cause(base, ours, onServerNow), ours, theirs));
    }

    private Cause cause(Optional<ContentHash> base, Optional<CanonicalCard> ours, Optional<ContentHash> theirs) {
        if (known.contacts().isEmpty()) {
            return Cause.UNKNOWN;
        }
        if (base.isEmpty()) {
            return ours.isEmpty() ? Cause.OTHERS : theirs.isEmpty() ? Cause.FILE : Cause.UNKNOWN;
        }
        if (base.equals(theirs)) {
            return Cause.FILE;
        }
        return base.equals(ours.map(codes::contentHash)) ? Cause.OTHERS : Cause.BOTH;
    }
}
