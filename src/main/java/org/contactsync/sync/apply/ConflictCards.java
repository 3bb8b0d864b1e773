package org.contactsync.sync.apply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.problem.Conflict;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.LostCard;
import org.contactsync.sync.book.BookState;
import org.contactsync.sync.history.BookHistory;
import org.contactsync.sync.task.LostVersion;

/**
 * Adds to a conflict what a client needs to merge: the card that the server has, and the one that the client expected, their common
 * ancestor (protocol 5.6). They are never stored with the task, but found again by their hashes. Afterwards finds out which lost cards are
 * to be kept. Thread-safe; reads only.
 */
final class ConflictCards {
    /** No card is added once those of the answer have this size: it exceeds it by one card at most. */
    private static final int MOST_BYTES = Missed.INLINE_BYTES;

    /** Versions that one answer looks at, of all its contacts together: a history has as many of one contact. */
    private static final int MOST_LOOKED_AT = Limits.HISTORY_CHANGES;

    private final BookHistory history;

    ConflictCards(BookHistory history) {
        this.history = history;
    }

    /**
     * The conflict with the cards of its first contacts.
     *
     * @param changes of the request
     */
    ContactConflict of(BookState book, ContactConflict conflict, List<Change> changes) {
        List<Conflict> all = conflict.conflicts();
        Cards cards = new Cards(book, MOST_LOOKED_AT / Math.max(1, Math.min(all.size(), ContactConflict.KEPT)));
        List<Conflict> told = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            Conflict each = all.get(i);
            Optional<ContentHash> expected =
                    changes.get(each.index()).expected().flatMap(Change.Expected::hash);
            told.add(cards.addedTo(each, expected, i < ContactConflict.KEPT));
        }
        return new ContactConflict(told, conflict.total(), conflict.serverCheckCode());
    }

    /**
     * Lost cards that the book does not have, nor its history since a time, before the task is applied; what it writes itself is not lost.
     *
     * @param since versions that ended before then go too soon to be of use
     */
    List<LostVersion> missing(BookState book, CheckCodes codes, IncrementalSync sync, Instant since) {
        Map<Uid, CanonicalCard> written = new HashMap<>();
        for (Change change : sync.changes()) {
            if (change instanceof Change.Put put) {
                written.put(put.uid(), put.card());
            }
        }
        Map<Uid, Content> lost = new LinkedHashMap<>();
        Map<Uid, ContentHash> hashes = new LinkedHashMap<>();
        for (LostCard each : sync.lost()) {
            if (!Objects.equals(each.card(), written.get(each.uid()))) {
                Content content = new Content(each.card(), codes.contentHash(each.card()));
                lost.put(each.uid(), content);
                hashes.put(each.uid(), content.hash());
            }
        }
        Set<Uid> known = history.known(book.id(), book.generation(), hashes, since, MOST_LOOKED_AT);
        List<LostVersion> missing = new ArrayList<>(lost.size());
        lost.forEach((uid, content) -> {
            if (!known.contains(uid)) {
                missing.add(new LostVersion(uid, content));
            }
        });
        return missing;
    }

    /** The cards of one answer. */
    private final class Cards {
        private final BookState book;
        private final int versions;
        private long bytes;
        private boolean cut;

        Cards(BookState book, int versions) {
            this.book = book;
            this.versions = versions;
        }

        Conflict addedTo(Conflict conflict, Optional<ContentHash> expected, boolean isFirst) {
            cut = false;
            Optional<CanonicalCard> card = conflict.actual()
                    .flatMap(hash -> find(conflict.uid(), hash, isFirst))
                    .map(Content::card);
            Optional<Content> ancestor = expected.flatMap(hash -> find(conflict.uid(), hash, isFirst));
            return new Conflict(conflict.uid(), conflict.index(), conflict.actual(), card, ancestor, cut);
        }

        private Optional<Content> find(Uid uid, ContentHash hash, boolean isFirst) {
            if (!isFirst || bytes >= MOST_BYTES) {
                cut = true;
                return Optional.empty();
            }
            Optional<Content> found = history.content(book.id(), book.generation(), uid, hash, versions);
            bytes += found.map(content -> content.card().length()).orElse(0);
            cut |= found.isEmpty() && versions < MOST_LOOKED_AT;
            return found;
        }
    }
}
