package org.contactsync.client.compare;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.remote.RemoteChange;
import org.contactsync.contact.Uid;

/**
 * The server's book as known to this client: hashes without cards.
 *
 * @param contacts by uid, in the order of {@link #ORDER}
 */
public record KnownBook(SortedMap<Uid, KnownContact> contacts) implements ServerBook {
    /** By the text of the uid: any fixed order will do, and this one is cheap. */
    public static final Comparator<Uid> ORDER = Comparator.comparing(Uid::value);

    public static final KnownBook EMPTY = new KnownBook(new TreeMap<>(ORDER));

    public KnownBook {
        TreeMap<Uid, KnownContact> copy = new TreeMap<>(ORDER);
        copy.putAll(contacts);
        contacts = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * One contact of the server.
     *
     * @param onServer the hash of what the server has
     * @param sent the hash of what this client's phone book had when they last agreed; empty: it never had this contact
     */
    public record KnownContact(ContentHash onServer, Optional<ContentHash> sent) {
        /** Whether another device has changed it since this client sent it. */
        public boolean changedByOthers() {
            return sent.isPresent() && !sent.get().equals(onServer);
        }
    }

    /** This book after others changed it. What this client had sent stays remembered. */
    public KnownBook withTheirs(Collection<RemoteChange> changes) {
        TreeMap<Uid, KnownContact> after = new TreeMap<>(contacts);
        for (RemoteChange change : changes) {
            if (change.hash().isPresent()) {
                KnownContact before = after.get(change.uid());
                after.put(
                        change.uid(),
                        new KnownContact(change.hash().get(), before == null ? Optional.empty() : before.sent()));
            } else {
                after.remove(change.uid());
            }
        }
        return new KnownBook(after);
    }

    /** The server's book if it has just these contacts. What this client had sent stays remembered. */
    public KnownBook withAll(Map<Uid, ContentHash> hashes) {
        TreeMap<Uid, KnownContact> after = new TreeMap<>(ORDER);
        hashes.forEach((uid, hash) -> after.put(
                uid,
                new KnownContact(hash, Optional.ofNullable(contacts.get(uid)).flatMap(KnownContact::sent))));
        return new KnownBook(after);
    }

    /** This book after changes of this client were applied. */
    public KnownBook withOurs(Map<Uid, Optional<ContentHash>> changes) {
        TreeMap<Uid, KnownContact> after = new TreeMap<>(contacts);
        changes.forEach((uid, hash) -> {
            if (hash.isPresent()) {
                after.put(uid, new KnownContact(hash.get(), hash));
            } else {
                after.remove(uid);
            }
        });
        return new KnownBook(after);
    }

    @Override
    public Optional<ContentHash> hash(Uid uid) {
        return Optional.ofNullable(contacts.get(uid)).map(KnownContact::onServer);
    }

    @Override
    public BookDigest digest(CheckCodes codes) {
        BookDigest digest = BookDigest.EMPTY;
        for (Map.Entry<Uid, KnownContact> contact : contacts.entrySet()) {
            digest =
                    digest.plus(codes.entry(contact.getKey(), contact.getValue().onServer()));
        }
        return digest;
    }

    public CheckCode checkCode(CheckCodes codes) {
        return codes.checkCode(digest(codes));
    }

    public List<Uid> uids() {
        return List.copyOf(contacts.keySet());
    }
}
