package org.contactsync.model;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.TreeRepair;
import org.contactsync.client.compare.HashedBook;
import org.contactsync.client.compare.KnownBook;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.RemoteChange;
import org.contactsync.contact.Uid;
import org.contactsync.model.TwoWayDevice.Agreement;
import org.contactsync.protocol.BookHead;

/** Takes over what others did: from the feed where it reaches back, otherwise by the digest tree (protocol §10). */
final class Pull {
    private final Wire wire;
    private final HistoryClient history;
    private final RepairTable table;

    Pull(Wire wire, HistoryClient history, RepairTable table) {
        this.wire = wire;
        this.history = history;
        this.table = table;
    }

    /** The contacts of the device after it, and the service's book that they were merged with. */
    record Result(Map<Uid, CanonicalCard> book, Agreement agreed) {
        Result {
            book = Map.copyOf(book);
        }
    }

    /** @return empty when the book changed meanwhile, or what was found is not proven */
    Optional<Result> run(BookClient client, Optional<Agreement> agreed, Map<Uid, CanonicalCard> book)
            throws ServerUnreachable, ServerRefusal {
        Wire.Count before = wire.count();
        Optional<BookHead> other =
                agreed.isPresent() ? client.bookOtherThan(agreed.get().code()) : Optional.of(client.book());
        if (other.isEmpty()) {
            return Optional.of(new Result(book, agreed.orElseThrow()));
        }
        BookHead head = other.get();
        Optional<Map<Uid, ContentHash>> fed = fed(client, agreed, head);
        Optional<Map<Uid, ContentHash>> found = fed.isPresent() ? fed : byTree(client, agreed, book, head);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Map<Uid, ContentHash> theirs = found.get();
        Optional<Agreement> sameBook = agreed.filter(record -> record.key().equals(head.checkKey()));
        boolean setBack = fed.isEmpty() && sameBook.isPresent() && isSetBack(sameBook.get(), head);
        Map<Uid, ContentHash> ours = TwoWayDevice.hashes(head.checkKey(), book);
        note(fed.isPresent() ? "feed" : cause(agreed, book, setBack), ours, theirs, before);
        Optional<Map<Uid, ContentHash>> was =
                sameBook.filter(record -> !setBack).map(Agreement::hashes);
        return merged(client, head, book, new Merge(was, setBack).taken(ours, theirs))
                .map(merged ->
                        new Result(merged, new Agreement(head.checkKey(), head.checkCode(), head.seq(), theirs)));
    }

    private Optional<Map<Uid, ContentHash>> fed(BookClient client, Optional<Agreement> agreed, BookHead head)
            throws ServerUnreachable, ServerRefusal {
        if (agreed.isEmpty()
                || !agreed.get().key().equals(head.checkKey())
                || agreed.get().seq() >= head.seq()
                || agreed.get().seq() < head.changesFrom()) {
            return Optional.empty();
        }
        Optional<List<RemoteChange>> changes = client.changesSince(agreed.get().seq());
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        Map<Uid, ContentHash> theirs = new HashMap<>(agreed.get().hashes());
        changes.get()
                .forEach(change -> change.hash()
                        .ifPresentOrElse(hash -> theirs.put(change.uid(), hash), () -> theirs.remove(change.uid())));
        return proven(head, theirs);
    }

    private static Optional<Map<Uid, ContentHash>> byTree(
            BookClient client, Optional<Agreement> agreed, Map<Uid, CanonicalCard> book, BookHead head)
            throws ServerUnreachable, ServerRefusal {
        CheckCodes codes = new CheckCodes(head.checkKey());
        HashedBook own = HashedBook.of(new PhoneBook(book, Set.of()), codes);
        List<HashedBook> books = agreed.filter(record -> record.key().equals(head.checkKey()))
                .map(record -> List.of(HashedBook.of(KnownBook.EMPTY.withAll(record.hashes()), codes), own))
                .orElse(List.of(own));
        return TreeRepair.find(client, codes, books, head).flatMap(found -> proven(head, found));
    }

    /** Protocol 10.7. */
    private static Optional<Map<Uid, ContentHash>> proven(BookHead head, Map<Uid, ContentHash> found) {
        return Optional.of(found)
                .filter(book -> TwoWayDevice.codeOf(head.checkKey(), book).equals(head.checkCode()));
    }

    /** Whether the service's history does not have the last agreement, so that it lost what came with it. */
    private boolean isSetBack(Agreement agreed, BookHead head) throws ServerUnreachable, ServerRefusal {
        return head.seq() < agreed.seq()
                || agreed.seq() > 0
                        && history.codeAt(agreed.seq())
                                .filter(agreed.code()::equals)
                                .isEmpty();
    }

    private static Optional<Map<Uid, CanonicalCard>> merged(
            BookClient client, BookHead head, Map<Uid, CanonicalCard> book, Map<Uid, Optional<ContentHash>> taken)
            throws ServerUnreachable, ServerRefusal {
        CheckCodes codes = new CheckCodes(head.checkKey());
        Map<Uid, CanonicalCard> merged = new TreeMap<>(book);
        for (Map.Entry<Uid, Optional<ContentHash>> each : taken.entrySet()) {
            merged.remove(each.getKey());
            if (each.getValue().isPresent()) {
                Optional<CanonicalCard> card = client.card(each.getKey());
                if (!card.map(codes::contentHash).equals(each.getValue())) {
                    return Optional.empty();
                }
                merged.put(each.getKey(), card.orElseThrow());
            }
        }
        return Optional.of(merged);
    }

    private static String cause(Optional<Agreement> agreed, Map<Uid, CanonicalCard> book, boolean setBack) {
        if (setBack) {
            return "tree, service set back";
        }
        if (agreed.isPresent()) {
            return "tree, feed does not reach back";
        }
        return book.isEmpty() ? "tree, nothing here" : "tree, record lost";
    }

    private void note(String cause, Map<Uid, ContentHash> ours, Map<Uid, ContentHash> theirs, Wire.Count before) {
        Set<Uid> all = new HashSet<>(ours.keySet());
        all.addAll(theirs.keySet());
        long differences = all.stream()
                .filter(uid -> !Optional.ofNullable(ours.get(uid)).equals(Optional.ofNullable(theirs.get(uid))))
                .count();
        table.add(cause, theirs.size(), differences, wire.count().minus(before));
    }
}
