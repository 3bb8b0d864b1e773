package org.contactsync.client.compare;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.checkcode.Position;
import org.contactsync.contact.Uid;

/** A book that this side has, as hashes and their digest tree: the server's book may be the same, as a whole or in part. */
public final class HashedBook {
    private final CheckCodes codes;
    private final Map<Uid, Hashed> contacts = new HashMap<>();
    private final DigestTree tree = new DigestTree();

    private record Hashed(ContentHash hash, Position position) {}

    private HashedBook(CheckCodes codes) {
        this.codes = codes;
    }

    /** The server's book as it was known. */
    public static HashedBook of(KnownBook known, CheckCodes codes) {
        HashedBook book = new HashedBook(codes);
        known.contacts().forEach((uid, contact) -> book.add(uid, contact.onServer()));
        return book;
    }

    /** The phone's book. */
    public static HashedBook of(PhoneBook phone, CheckCodes codes) {
        HashedBook book = new HashedBook(codes);
        phone.contacts().forEach((uid, card) -> book.add(uid, codes.contentHash(card)));
        return book;
    }

    /** Any book. */
    public static HashedBook of(Map<Uid, ContentHash> hashes, CheckCodes codes) {
        HashedBook book = new HashedBook(codes);
        hashes.forEach(book::add);
        return book;
    }

    private void add(Uid uid, ContentHash hash) {
        Position position = codes.position(uid);
        contacts.put(uid, new Hashed(hash, position));
        tree.add(position, codes.entry(uid, hash));
    }

    public int size() {
        return contacts.size();
    }

    public CheckCode checkCode() {
        return codes.checkCode(tree.total());
    }

    /** The nodes {@code depth} levels below a prefix as hex, in ascending order. */
    public List<String> nodes(String prefix, int depth) {
        return tree.nodes(prefix, depth).entrySet().stream()
                .map(node -> HexFormat.of().formatHex(codes.node(node.getKey(), node.getValue())))
                .toList();
    }

    /** How many contacts are below a prefix. */
    public long count(String prefix) {
        return tree.nodes(prefix, 0).values().stream()
                .mapToLong(BookDigest::count)
                .sum();
    }

    /** The contact's hash, if it begins with these hex digits. */
    public Optional<ContentHash> hash(Uid uid, String begin) {
        return Optional.ofNullable(contacts.get(uid))
                .map(Hashed::hash)
                .filter(hash -> hash.hex().startsWith(begin));
    }

    /** Gives each contact to {@code visitor}, in no order. */
    public void forEach(ContactVisitor visitor) {
        contacts.forEach((uid, contact) -> visitor.contact(uid, contact.hash(), contact.position()));
    }

    /** Receives the contacts one by one. */
    @FunctionalInterface
    public interface ContactVisitor {
        void contact(Uid uid, ContentHash hash, Position position);
    }
}
