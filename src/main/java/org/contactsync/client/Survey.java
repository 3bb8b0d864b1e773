package org.contactsync.client;

import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.checkcode.DigestTree;
import org.contactsync.client.BookClient.Entries;
import org.contactsync.client.BookClient.Tree;
import org.contactsync.contact.Uid;

/**
 * Finds out the state of the server's book as cheaply as possible: from what a refusal contains, from the feed of changes, or
 * from the digest tree, whose cost depends on the difference and not on the size (protocol §10). The result is used only if its
 * check code is the server's. For one thread at a time.
 */
final class Survey {
    /** The book may change between two requests of one survey; a book that changes so often is tried again later. */
    private static final int ATTEMPTS = 5;

    /** Prefixes in one request for entries: a path of some 400 characters. */
    private static final int PREFIXES = 128;

    private static final int TREE_DEPTH = 2;

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

    /** The state of a client that meets this book for the first time: it knows the contacts and has sent none. */
    SyncState firstMeeting() throws ServerUnreachable, ServerRefusal {
        BookHead head = client.book();
        CheckCodes codes = new CheckCodes(head.checkKey());
        SyncState nothing =
                new SyncState(head.checkKey(), KnownBook.EMPTY.checkCode(codes), 0, KnownBook.EMPTY, Optional.empty());
        return head.checkCode().equals(nothing.checkCode())
                ? nothing.agreed(head.checkCode(), head.seq(), KnownBook.EMPTY)
                : compared(nothing, head);
    }

    /**
     * The state brought to what the server has now. A task that was under way and turns out to be applied is taken over.
     *
     * A server that was restored from a backup has lost what came after it; see {@link RestoredBook}.
     *
     * @param missed all that others changed since the state's code, when the server has told
     * @param phone the book that is about to be pushed
     */
    SyncState upToDate(SyncState state, Optional<MissedChanges> missed, PhoneBook phone)
            throws ServerUnreachable, ServerRefusal {
        BookHead head = client.book();
        if (!head.checkKey().equals(state.key())) {
            SyncState met = firstMeeting();
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
            SyncState compared = compared(state, head);
            return compared.knowing(new RestoredBook(state, compared.known(), true).as(phone));
        }
        surveys++;
        progress.comparing();
        Optional<SyncState> told = missed.flatMap(changes -> applied(state, changes.changes(), head));
        if (told.isPresent()) {
            return told.get();
        }
        Optional<SyncState> fed = client.changesSince(state.seq()).flatMap(changes -> applied(state, changes, head));
        return fed.isPresent() ? fed.get() : compared(state, head);
    }

    private static Optional<SyncState> applied(SyncState state, List<RemoteChange> changes, BookHead head) {
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

    private SyncState compared(SyncState state, BookHead first) throws ServerUnreachable, ServerRefusal {
        BookHead head = first;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Tree tree = client.tree();
            KnownBook book = state.known().withTheirs(differences(state, tree));
            if (tree.checkCode().equals(head.checkCode())
                    && book.checkCode(state.codes()).equals(head.checkCode())) {
                return remembering(state, head.checkCode(), head.seq(), book);
            }
            head = client.book();
        }
        throw new ServerRefusal(new ServerProblem(
                0,
                "book-keeps-changing",
                "The book on the server changed at every look, or its digest tree does not fit its check code.",
                "Push again when the other devices are done.",
                JsonValue.EMPTY_JSON_OBJECT));
    }

    /** What the server has under the nodes that differ from this client's, as changes. */
    private List<RemoteChange> differences(SyncState state, Tree tree) throws ServerUnreachable, ServerRefusal {
        CheckCodes codes = state.codes();
        DigestTree own = new DigestTree();
        state.known()
                .contacts()
                .forEach((uid, contact) -> own.add(codes.position(uid), codes.entry(uid, contact.onServer())));
        SortedMap<String, BookDigest> nodes = own.nodes("", TREE_DEPTH);
        List<String> differing = new ArrayList<>();
        nodes.forEach((prefix, digest) -> {
            if (!HexFormat.of()
                    .formatHex(codes.node(prefix, digest))
                    .equals(tree.nodes().get(prefix))) {
                differing.add(prefix);
            }
        });
        List<RemoteChange> changes = new ArrayList<>();
        for (int i = 0; i < differing.size(); i += PREFIXES) {
            Set<String> prefixes = Set.copyOf(differing.subList(i, Math.min(i + PREFIXES, differing.size())));
            Entries there = client.entries(prefixes);
            there.entries().forEach((uid, hash) -> changes.add(new RemoteChange(uid, Optional.of(hash))));
            for (Uid uid : state.known().uids()) {
                String prefix = codes.position(uid).hex().substring(0, TREE_DEPTH);
                if (prefixes.contains(prefix) && !there.entries().containsKey(uid)) {
                    changes.add(new RemoteChange(uid, Optional.empty()));
                }
            }
        }
        return changes;
    }
}
