package org.contactsync.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.compare.Difference;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.BookClient.Contents;
import org.contactsync.contact.Uid;

/**
 * Handles contacts that were changed both here and elsewhere. A card is saved to disk before it is overwritten. For one push,
 * in one thread.
 */
final class Conflicts {
    /** Up to so many cards are fetched one by one; for more the whole book is read, which takes a request for 1000. */
    private static final int ONE_BY_ONE = 50;

    private final BookClient client;
    private final ConflictFile file;
    private final Map<Uid, ContentHash> kept = new LinkedHashMap<>();
    private final Set<Uid> overwritten = new LinkedHashSet<>();

    Conflicts(BookClient client, ConflictFile file) {
        this.client = client;
        this.file = file;
    }

    /**
     * Writes down the cards that are about to be overwritten.
     *
     * @return whether they are what the comparison saw; otherwise the book has changed since, and has to be compared again
     */
    boolean keep(Difference difference, CheckCodes codes) throws ServerUnreachable, ServerRefusal, IOException {
        Map<Uid, ContentHash> missing = new LinkedHashMap<>(difference.conflicts());
        missing.entrySet().removeAll(kept.entrySet());
        return missing.isEmpty() || keep(missing, cards(missing.keySet()), codes);
    }

    /** As {@link #keep(Difference, CheckCodes)}, with the server's book at hand. */
    boolean keep(Difference difference, CheckCodes codes, Contents contents) throws IOException {
        return difference.conflicts().isEmpty() || keep(difference.conflicts(), contents.contacts(), codes);
    }

    /** Marks a difference as applied by the server. */
    void markApplied(Difference difference) {
        overwritten.addAll(difference.conflicts().keySet());
    }

    /** Contacts to tell a person of: those that were overwritten before, and those of the last comparison. */
    List<Uid> all(Difference last) {
        Set<Uid> all = new LinkedHashSet<>(overwritten);
        all.addAll(last.conflicts().keySet());
        return new ArrayList<>(all);
    }

    Optional<Path> path() {
        return file.path();
    }

    private boolean keep(Map<Uid, ContentHash> conflicts, Map<Uid, CanonicalCard> cards, CheckCodes codes)
            throws IOException {
        for (Map.Entry<Uid, ContentHash> conflict : conflicts.entrySet()) {
            CanonicalCard card = cards.get(conflict.getKey());
            if (card == null || !codes.contentHash(card).equals(conflict.getValue())) {
                return false;
            }
        }
        cards.forEach((uid, card) -> {
            if (conflicts.containsKey(uid)) {
                file.add(uid, card);
            }
        });
        file.save();
        kept.putAll(conflicts);
        return true;
    }

    private Map<Uid, CanonicalCard> cards(Set<Uid> uids) throws ServerUnreachable, ServerRefusal {
        if (uids.size() > ONE_BY_ONE) {
            return client.contents().map(Contents::contacts).orElse(Map.of());
        }
        Map<Uid, CanonicalCard> cards = new LinkedHashMap<>();
        for (Uid uid : uids) {
            client.card(uid).ifPresent(card -> cards.put(uid, card));
        }
        return cards;
    }
}
