package org.contactsync.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.compare.Difference;
import org.contactsync.client.compare.KnownBook.KnownContact;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.BookClient.Contents;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.LostCard;

/**
 * Handles contacts that were changed both here and elsewhere. A card is saved to disk before it is overwritten; a card of the phone
 * that is not sent is handed over to the server. For one push,
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
        return missing.isEmpty() || keep(difference, missing, cards(missing.keySet()), codes);
    }

    /** As {@link #keep(Difference, CheckCodes)}, with the server's book at hand. */
    boolean keep(Difference difference, CheckCodes codes, Contents contents)
            throws ServerUnreachable, ServerRefusal, IOException {
        return difference.conflicts().isEmpty() || keep(difference, difference.conflicts(), contents.contacts(), codes);
    }

    /**
     * Hands over the phone's cards where the server's are kept, so that they are among the versions of their contacts (protocol 4.3.12).
     * What the server does not take remains in the file of conflicts only.
     */
    void handOver(Difference difference, PhoneBook phone, CheckCode code, Supplier<UUID> keys)
            throws ServerUnreachable, ServerRefusal {
        int most = client.capabilities().lostCards();
        List<LostCard> cards = new ArrayList<>();
        long bytes = 0;
        for (Uid uid : most > 0 ? difference.conflicts().keySet() : Set.<Uid>of()) {
            CanonicalCard card = Objects.requireNonNull(phone.contacts().get(uid));
            boolean full = bytes + card.length() > client.capabilities().oneShotBytes();
            if (!cards.isEmpty() && (full || cards.size() == most)) {
                send(cards, code, keys.get());
                cards.clear();
                bytes = 0;
            }
            cards.add(new LostCard(uid, card));
            bytes += card.length();
        }
        if (!cards.isEmpty()) {
            send(cards, code, keys.get());
        }
    }

    private void send(List<LostCard> cards, CheckCode code, UUID key) throws ServerUnreachable, ServerRefusal {
        client.taskClient().keepLost(key, code, cards);
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

    private boolean keep(
            Difference difference, Map<Uid, ContentHash> conflicts, Map<Uid, CanonicalCard> cards, CheckCodes codes)
            throws ServerUnreachable, ServerRefusal, IOException {
        for (Map.Entry<Uid, ContentHash> conflict : conflicts.entrySet()) {
            CanonicalCard card = cards.get(conflict.getKey());
            if (card == null || !codes.contentHash(card).equals(conflict.getValue())) {
                return false;
            }
        }
        Map<Uid, CanonicalCard> winners = new LinkedHashMap<>();
        for (Change change : difference.changes()) {
            if (change instanceof Change.Put put) {
                winners.put(put.uid(), put.card());
            }
        }
        for (Uid uid : conflicts.keySet()) {
            Optional<ContentHash> agreed =
                    Optional.ofNullable(difference.before().contacts().get(uid)).flatMap(KnownContact::sent);
            Optional<CanonicalCard> ancestor = agreed.isPresent() && conflicts.size() <= ONE_BY_ONE
                    ? client.version(uid, agreed.get())
                            .filter(card -> codes.contentHash(card).equals(agreed.get()))
                    : Optional.empty();
            file.add(uid, Objects.requireNonNull(cards.get(uid)), Optional.ofNullable(winners.get(uid)), ancestor);
        }
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
