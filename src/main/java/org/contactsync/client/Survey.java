package org.contactsync.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.compare.HashedBook;
import org.contactsync.client.compare.KnownBook;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.MissedChanges;
import org.contactsync.client.remote.RemoteChange;
import org.contactsync.client.state.SyncState;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;

/**
 * Finds out the state of the server's book as cheaply as possible: from what a refusal contains, from the feed of changes, or
 * from the digest tree, whose cost depends on the difference and not on the size (protocol §10). The result is used only if its
 * check code is the server's. For one thread at a time.
 */
final class Survey {
    /** The book may change between two requests of one survey; a book that changes so often is tried again later. */
    private static final int ATTEMPTS = 5;

    private final BookClient client;
    private final Progress progress;
    private int surveys;

    Survey(BookClient client, Progress progress) {
        this.client = client;
        this.progress = progress;
    }

    /** How many surveys were made. */
    int surveys() {
        return surveys;
    }

    /**
     * The state of a client that meets this book for the first time: it knows the contacts and has sent none. What the phone has
     * as well is not asked for.
     */
    SyncState readInitialState(PhoneBook phone) throws ServerUnreachable, ServerRefusal {
        return meet(client.book(), phone);
    }

    private SyncState meet(BookHead head, PhoneBook phone) throws ServerUnreachable, ServerRefusal {
        CheckCodes codes = new CheckCodes(head.checkKey());
        SyncState nothing =
                new SyncState(head.checkKey(), KnownBook.EMPTY.checkCode(codes), 0, KnownBook.EMPTY, Optional.empty());
        return head.checkCode().equals(nothing.checkCode())
                ? nothing.agreed(head.checkCode(), head.seq(), KnownBook.EMPTY)
                : compare(nothing, head, phone);
    }

    /**
     * The state brought to what the server has now. A task that was under way and turns out to be applied is taken over.
     *
     * A server that was restored from a backup has lost what came after it; see {@link RestoredBook}. It is found out by a lower seq, by
     * another code at the same seq, or by a whole feed that does not lead from the state to the book.
     *
     * @param missed all that others changed since the state's code, when the server has told
     * @param phone the book that is about to be pushed
     * @param mayFill whether a book that began anew gets everything again
     * @throws ServerRefusal also if it must not: the account was erased, and a person has to decide (protocol 4.23.4)
     */
    SyncState bringUpToDate(SyncState state, Optional<MissedChanges> missed, PhoneBook phone, boolean mayFill)
            throws ServerUnreachable, ServerRefusal {
        return bringUpToDate(state, client.book(), missed, phone, mayFill);
    }

    /** As above, when the server's book has just been looked at. */
    SyncState bringUpToDate(
            SyncState state, BookHead head, Optional<MissedChanges> missed, PhoneBook phone, boolean mayFill)
            throws ServerUnreachable, ServerRefusal {
        if (!head.checkKey().equals(state.key())) {
            if (!mayFill && head.count() == 0 && hasSent(state.known())) {
                throw new ServerRefusal(ServerProblem.found(
                        "account-began-anew",
                        "The book on the server is empty and new: the account was erased, or the server has lost it.",
                        "If your contacts are to be on the server again, push with --begin-anew."));
            }
            SyncState met = meet(head, phone);
            return met.knowing(new RestoredBook(state, met.known(), false).as(phone));
        }
        if (head.checkCode().equals(state.checkCode())) {
            return state;
        }
        if (state.pending().isPresent() && state.pending().get().after().equals(head.checkCode())) {
            KnownBook after = state.known().withOurs(state.pending().get().changes());
            if (after.checkCode(state.codes()).equals(head.checkCode())) {
                return state.agreed(head.checkCode(), head.seq(), after);
            }
        }
        if (head.seq() < state.seq()) {
            // Its feed tells nothing of what it lost: the book itself has to be compared.
            surveys++;
            progress.comparing();
            SyncState compared = compare(state, head, phone);
            return compared.knowing(new RestoredBook(state, compared.known(), true).as(phone));
        }
        surveys++;
        progress.comparing();
        Optional<SyncState> told = missed.flatMap(changes -> withChanges(state, changes.changes(), head));
        if (told.isPresent()) {
            return told.get();
        }
        Optional<List<RemoteChange>> feed = isFed(state, head) ? client.changesSince(state.seq()) : Optional.empty();
        Optional<SyncState> fed = feed.flatMap(changes -> withChanges(state, changes, head));
        if (fed.isPresent()) {
            return fed.get();
        }
        SyncState compared = compare(state, head, phone);
        // A book that did not change meanwhile has a history of its own: it was set back, and others have gone on. The
        // code alone does not say that it did not change: it may have changed and changed back.
        boolean another = feed.isPresent()
                && compared.checkCode().equals(head.checkCode())
                && client.book().seq() == head.seq();
        return another || head.seq() == state.seq()
                ? compared.knowing(new RestoredBook(state, compared.known(), true).as(phone))
                : compared;
    }

    private static boolean hasSent(KnownBook known) {
        return known.contacts().values().stream()
                .anyMatch(contact -> contact.sent().isPresent());
    }

    /** Otherwise the feed would have nothing, or be refused (protocol 4.2.4). */
    private static boolean isFed(SyncState state, BookHead head) {
        return state.seq() < head.seq() && state.seq() >= head.changesFrom();
    }

    private static Optional<SyncState> withChanges(SyncState state, List<RemoteChange> changes, BookHead head) {
        KnownBook book = state.known().withTheirs(changes);
        return book.checkCode(state.codes()).equals(head.checkCode())
                ? Optional.of(remembering(state, head.checkCode(), head.seq(), book))
                : Optional.empty();
    }

    /** What was under way is remembered: its contacts count as this client's where the server has them as sent. */
    private static SyncState remembering(SyncState state, CheckCode code, long seq, KnownBook book) {
        if (state.pending().isEmpty()) {
            return state.agreed(code, seq, book);
        }
        Map<Uid, Optional<ContentHash>> arrived = new TreeMap<>(KnownBook.ORDER);
        state.pending().get().changes().forEach((uid, hash) -> {
            KnownBook.KnownContact known = book.contacts().get(uid);
            if (known != null && hash.equals(Optional.of(known.onServer()))) {
                arrived.put(uid, hash);
            }
        });
        return new SyncState(state.key(), code, seq, book.withOurs(arrived), state.pending());
    }

    /** By the digest tree. What it finds is verified by the check code; shortened hashes may mislead it once. */
    private SyncState compare(SyncState state, BookHead first, PhoneBook phone)
            throws ServerUnreachable, ServerRefusal {
        CheckCodes codes = state.codes();
        List<HashedBook> books = List.of(HashedBook.of(state.known(), codes), HashedBook.of(phone, codes));
        BookHead head = first;
        boolean shortens = true;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Map<Uid, ContentHash>> found =
                    new TreeComparison(client.treeClient(), codes, books, head, shortens).find();
            if (found.isPresent()) {
                KnownBook book = state.known().withAll(found.get());
                if (book.checkCode(codes).equals(head.checkCode())) {
                    return remembering(state, head.checkCode(), head.seq(), book);
                }
                shortens = false;
            }
            head = client.book();
        }
        throw new ServerRefusal(ServerProblem.found(
                "book-keeps-changing",
                "The book on the server changed at every look, or its digest tree does not fit its check code.",
                "Push again when the other devices are done."));
    }
}
