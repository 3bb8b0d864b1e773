package org.contactsync.client.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.TreeComparison;
import org.contactsync.client.compare.HashedBook;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.LocalContact;
import org.contactsync.client.local.LocalContact.OnServer;
import org.contactsync.client.local.LocalContacts;
import org.contactsync.client.remote.BookClient;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;

/**
 * Finds how the server's book differs from what the local database has of it, by the digest tree (protocol §10), and fetches the cards that this
 * device does not have. For one comparison, in one thread.
 */
final class WholeComparison {
    /** The book may change between two requests; one that changes so often is looked at later. */
    private static final int ATTEMPTS = 5;

    /** Up to so many cards are fetched one by one, and more as long as they are a small part of the book. */
    private static final int ONE_BY_ONE = 50;

    private static final int SMALL_PART = 4;

    private final BookClient client;
    private final LocalContacts contacts;
    private final CheckCodes codes;
    private final Map<Uid, ContentHash> known;
    private final Map<Uid, ContentHash> local = new HashMap<>();
    private final Map<ContentHash, Uid> byContent = new HashMap<>();
    private BookHead head;
    private BookDigest digest = BookDigest.EMPTY;

    /** @param sameKey the hashes of the local database are still those of the book */
    WholeComparison(BookClient client, LocalContacts contacts, BookHead head, boolean sameKey) {
        this.client = client;
        this.contacts = contacts;
        this.head = head;
        this.codes = new CheckCodes(head.checkKey());
        this.known = contacts.onServer();
        if (!sameKey) {
            known.replaceAll((uid, hash) -> contacts.get(uid)
                    .server()
                    .map(server -> codes.contentHash(server.card()))
                    .orElse(hash));
        }
        contacts.eachCard(contact -> contact.card().ifPresent(card -> {
            ContentHash hash = codes.contentHash(card);
            local.put(contact.uid(), hash);
            byContent.putIfAbsent(hash, contact.uid());
        }));
    }

    /** The book that was found. */
    BookHead head() {
        return head;
    }

    /** Its digest, computed here, with the code of {@link #head}. */
    BookDigest digest() {
        return digest;
    }

    /** What the server has of each contact that is not as it was known, and of all if the key of the hashes is another. */
    Map<Uid, Optional<OnServer>> find() throws ServerUnreachable, ServerRefusal {
        List<HashedBook> books = List.of(HashedBook.of(known, codes), HashedBook.of(local, codes));
        boolean shortens = true;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Map<Uid, ContentHash>> found =
                    new TreeComparison(client.treeClient(), codes, books, head, shortens).find();
            if (found.isPresent()) {
                digest = BookDigest.EMPTY;
                found.get().forEach((uid, hash) -> digest = digest.plus(codes.entry(uid, hash)));
                if (codes.checkCode(digest).equals(head.checkCode())) {
                    Optional<Map<Uid, Optional<OnServer>>> now = withCards(found.get());
                    if (now.isPresent()) {
                        return now.get();
                    }
                }
                shortens = false;
            }
            BookHead again = client.book();
            if (!again.checkKey().equals(head.checkKey())) {
                break; // another book: the next task meets it
            }
            head = again;
        }
        throw new ServerRefusal(ServerProblem.found(
                "book-keeps-changing",
                "The book on the server changed at every look, or its digest tree does not fit its check code.",
                "Wait until the other devices are done."));
    }

    private Optional<Map<Uid, Optional<OnServer>>> withCards(Map<Uid, ContentHash> found)
            throws ServerUnreachable, ServerRefusal {
        Map<Uid, Optional<OnServer>> now = new LinkedHashMap<>();
        Map<Uid, ContentHash> missing = new LinkedHashMap<>();
        found.forEach((uid, hash) -> {
            if (!contacts.get(uid).serverHash().equals(Optional.of(hash))) {
                Optional<CanonicalCard> card = here(uid, hash);
                if (card.isPresent()) {
                    now.put(uid, Optional.of(new OnServer(card.get(), hash)));
                } else {
                    missing.put(uid, hash);
                }
            }
        });
        known.keySet().stream().filter(uid -> !found.containsKey(uid)).forEach(uid -> now.put(uid, Optional.empty()));
        Map<Uid, CanonicalCard> fetched = fetch(missing, found.size());
        for (Map.Entry<Uid, ContentHash> contact : missing.entrySet()) {
            CanonicalCard card = fetched.get(contact.getKey());
            if (card == null || !codes.contentHash(card).equals(contact.getValue())) {
                return Optional.empty(); // changed since
            }
            now.put(contact.getKey(), Optional.of(new OnServer(card, contact.getValue())));
        }
        return Optional.of(now);
    }

    /** A card that need not be fetched: the contact has it here, or another one has it. */
    private Optional<CanonicalCard> here(Uid uid, ContentHash hash) {
        LocalContact contact = contacts.get(uid);
        if (Optional.of(hash).equals(Optional.ofNullable(local.get(uid)))) {
            return contact.card();
        }
        if (Optional.of(hash).equals(Optional.ofNullable(known.get(uid)))) {
            return contact.server().map(OnServer::card);
        }
        return Optional.ofNullable(byContent.get(hash))
                .flatMap(other -> contacts.get(other).card());
    }

    private Map<Uid, CanonicalCard> fetch(Map<Uid, ContentHash> missing, int size)
            throws ServerUnreachable, ServerRefusal {
        Map<Uid, CanonicalCard> fetched = new HashMap<>();
        if (missing.size() <= ONE_BY_ONE || missing.size() < size / SMALL_PART) {
            for (Uid uid : missing.keySet()) {
                client.card(uid).ifPresent(card -> fetched.put(uid, card));
            }
            return fetched;
        }
        try {
            client.eachContact((uid, card) -> {
                if (missing.containsKey(uid)) {
                    fetched.put(uid, card);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("a map is filled without I/O", e);
        }
        return fetched;
    }
}
