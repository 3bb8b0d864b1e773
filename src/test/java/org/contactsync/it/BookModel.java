package org.contactsync.it;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.CheckKey;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.JsonCards;
import org.contactsync.contact.Uid;

/** What a book should be, computed from its contacts at each question. One thread at a time. */
final class BookModel {
    private final CheckKey key;
    private final CheckCodes codes;
    private final TreeMap<Uid, CanonicalCard> contacts = new TreeMap<>();

    BookModel(CheckKey key) {
        this.key = key;
        codes = new CheckCodes(key);
    }

    /** The book of a device as the service has it now. */
    static BookModel of(Device device) {
        return device.read();
    }

    BookModel copy() {
        BookModel copy = new BookModel(key);
        copy.contacts.putAll(contacts);
        return copy;
    }

    BookModel put(String uid, String card) {
        contacts.put(new Uid(uid), CanonicalCard.of(JsonCards.card(card)));
        return this;
    }

    BookModel delete(String uid) {
        contacts.remove(new Uid(uid));
        return this;
    }

    int count() {
        return contacts.size();
    }

    /** In the order of the bytes. */
    List<String> uids() {
        return contacts.keySet().stream().map(Uid::value).toList();
    }

    SortedMap<Uid, CanonicalCard> contacts() {
        return new TreeMap<>(contacts);
    }

    String contentHash(String uid) {
        return hash(new Uid(uid)).hex();
    }

    String hashOf(String card) {
        return codes.contentHash(CanonicalCard.of(JsonCards.card(card))).hex();
    }

    String checkCode() {
        return codes.checkCode(digest(new ArrayList<>(contacts.keySet()))).value();
    }

    /** {@code node → hex} of the digest tree below a prefix. */
    SortedMap<String, String> nodes(String prefix, int depth) {
        DigestTree tree = new DigestTree();
        contacts.keySet().forEach(uid -> tree.add(codes.position(uid), codes.entry(uid, hash(uid))));
        TreeMap<String, String> nodes = new TreeMap<>();
        tree.nodes(prefix, depth)
                .forEach((name, digest) ->
                        nodes.put(name, java.util.HexFormat.of().formatHex(codes.node(name, digest))));
        return nodes;
    }

    /** Four hexadecimal digits. */
    String position(String uid) {
        return String.format("%04x", codes.position(new Uid(uid)).value());
    }

    private ContentHash hash(Uid uid) {
        CanonicalCard card = contacts.get(uid);
        if (card == null) {
            throw new IllegalArgumentException("no such contact: " + uid);
        }
        return codes.contentHash(card);
    }

    private BookDigest digest(List<Uid> uids) {
        BookDigest digest = BookDigest.EMPTY;
        for (Uid uid : uids) {
            digest = digest.plus(codes.entry(uid, hash(uid)));
        }
        return digest;
    }
}
