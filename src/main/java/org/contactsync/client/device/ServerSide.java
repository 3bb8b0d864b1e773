package org.contactsync.client.device;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.Agreement;
import org.contactsync.client.local.LocalContact;
import org.contactsync.client.local.LocalContact.OnServer;
import org.contactsync.client.local.LocalContacts;
import org.contactsync.client.merge.CardMerge;
import org.contactsync.client.merge.CardMerge.Merged;
import org.contactsync.client.merge.ContentKey;
import org.contactsync.client.remote.BookClient;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.Missed.BookChange;

/** Takes the server's changes into the local database. For one task, in one thread. */
final class ServerSide {
    /** The book may change between its head and its feed. */
    private static final int FEED_ATTEMPTS = 3;

    private final BookClient client;
    private final Run run;
    private final LocalContacts contacts;

    ServerSide(BookClient client, Run run) {
        this.client = client;
        this.run = run;
        this.contacts = run.database.contacts();
    }

    /**
     * Takes in what has changed; one request, answered without a body, if nothing has.
     *
     * @return whether anything has
     */
    boolean takeIn() throws ServerUnreachable, ServerRefusal {
        Optional<Agreement> known = run.database.agreement();
        if (known.isEmpty()) {
            BookHead first = client.book();
            compare(first, nothing(first), false);
            return true;
        }
        Optional<BookHead> head = client.bookOtherThan(known.get().checkCode());
        if (head.isPresent()) {
            takeIn(known.get(), head.get());
        }
        return head.isPresent();
    }

    /** Compares by the digest tree, whatever is known. */
    void takeInByTree() throws ServerUnreachable, ServerRefusal {
        BookHead head = client.book();
        Agreement known = run.database.agreement().orElseGet(() -> nothing(head));
        compare(head, known, isRestored(known, head));
    }

    private static Agreement nothing(BookHead head) {
        return new Agreement(head.checkKey(), 0, BookDigest.EMPTY);
    }

    private static boolean isRestored(Agreement known, BookHead head) {
        return !head.checkKey().equals(known.key())
                || head.seq() < known.seq()
                || head.seq() == known.seq() && !head.checkCode().equals(known.checkCode());
    }

    private void takeIn(Agreement known, BookHead first) throws ServerUnreachable, ServerRefusal {
        BookHead head = first;
        boolean fed = false;
        for (int attempt = 1; attempt <= FEED_ATTEMPTS; attempt++) {
            if (isRestored(known, head) || known.seq() < head.changesFrom()) {
                break;
            }
            Optional<List<BookChange>> feed = client.feed(known.seq());
            fed = feed.isPresent();
            if (feed.isEmpty() || apply(feed.get(), known, head)) {
                break;
            }
            BookHead again = client.book();
            if (again.checkCode().equals(head.checkCode())) {
                break;
            }
            head = again;
        }
        if (!run.database.agreement().map(Agreement::checkCode).equals(Optional.of(head.checkCode()))) {
            // A feed that does not lead to a book that stands still: the book was set back, and others have gone on.
            boolean another = fed && client.book().seq() == head.seq();
            run.climb(Rung.TREE);
            compare(head, known, isRestored(known, head) || another);
        }
    }

    /** Whether the feed leads to the book: only then it is used. */
    private boolean apply(List<BookChange> feed, Agreement known, BookHead head) {
        CheckCodes codes = known.codes();
        BookDigest digest = known.digest();
        Map<Uid, Optional<OnServer>> now = new LinkedHashMap<>();
        for (BookChange change : feed) {
            now.put(change.uid(), change.now().map(content -> new OnServer(content.card(), content.hash())));
        }
        for (Map.Entry<Uid, Optional<OnServer>> change : now.entrySet()) {
            Optional<ContentHash> before = contacts.get(change.getKey()).serverHash();
            digest = before.isPresent() ? digest.minus(codes.entry(change.getKey(), before.get())) : digest;
            Optional<OnServer> after = change.getValue();
            // Computed here: a card that does not fit its hash is not believed.
            digest = after.isPresent()
                    ? digest.plus(codes.entry(
                            change.getKey(), codes.contentHash(after.get().card())))
                    : digest;
        }
        if (!codes.checkCode(digest).equals(head.checkCode())) {
            return false;
        }
        commit(now, known.with(head.seq(), digest), false);
        return true;
    }

    private void compare(BookHead head, Agreement known, boolean restored) throws ServerUnreachable, ServerRefusal {
        WholeComparison whole =
                new WholeComparison(client, contacts, head, head.checkKey().equals(known.key()));
        Map<Uid, Optional<OnServer>> now = whole.find();
        BookHead found = whole.head();
        commit(now, new Agreement(found.checkKey(), found.seq(), whole.digest()), restored);
    }

    private void commit(Map<Uid, Optional<OnServer>> now, Agreement agreement, boolean restored) {
        run.done(Step.SERVER_READ);
        run.database.write(() -> {
            Map<Uid, LocalContact> linked = relinked(now, agreement.codes());
            now.forEach((uid, server) -> {
                LocalContact contact = linked.getOrDefault(uid, contacts.get(uid));
                contacts.put(restored ? restored(contact, server) : incorporated(contact, server));
            });
            run.database.setAgreement(agreement);
            return 0;
        });
        run.done(Step.SERVER_TAKEN_IN);
    }

    /** Contacts that are new from the server, and are on this device under another uid. */
    private Map<Uid, LocalContact> relinked(Map<Uid, Optional<OnServer>> now, CheckCodes codes) {
        Map<Uid, LocalContact> linked = new HashMap<>();
        Map<Uid, OnServer> added = new LinkedHashMap<>();
        now.forEach((uid, server) -> {
            LocalContact contact = contacts.get(uid);
            if (server.isPresent()
                    && contact.card().isEmpty()
                    && contact.server().isEmpty()) {
                added.put(uid, server.get());
            }
        });
        if (added.isEmpty()) {
            return linked;
        }
        Relink relink = new Relink(contacts, codes, now.keySet());
        added.forEach((uid, server) ->
                relink.same(server.hash()).ifPresent(contact -> linked.put(uid, relink.rename(contact, uid))));
        added.keySet().removeAll(linked.keySet());
        added.forEach((uid, server) -> relink.alike(server)
                .ifPresent(contact -> linked.put(uid, alike(relink.rename(contact, uid), server.card()))));
        return linked;
    }

    /** What the phone shows may be a form of the server's card; otherwise both are merged. */
    private static LocalContact alike(LocalContact contact, CanonicalCard card) {
        boolean isForm = contact.seen().isPresent()
                && contact.seen().equals(contact.card())
                && ContentKey.isForm(contact.seen().get(), card);
        return isForm
                ? contact.withCard(Optional.of(card)).withPhone(contact.phoneUid(), Optional.of(card), contact.seen())
                : contact;
    }

    private LocalContact incorporated(LocalContact contact, Optional<OnServer> now) {
        if (now.map(OnServer::hash).equals(contact.serverHash())) {
            return contact.withServer(now);
        }
        if (now.isEmpty()) {
            // Of a deletion there and an edit here the edit is kept.
            LocalContact after = contact.isUp() ? contact : contact.withCard(Optional.empty());
            return after.withServer(now);
        }
        CanonicalCard theirs = now.get().card();
        if (contact.card().isEmpty()) {
            return contact.withCard(Optional.of(theirs)).withServer(now); // new, or edited there and deleted here
        }
        CanonicalCard local = contact.card().get();
        Optional<CanonicalCard> before = contact.server().map(OnServer::card);
        boolean deviceWins = run.options.deviceWins();
        Merged merged = CardMerge.merge(before, theirs, before, local, !deviceWins);
        if (merged.conflict()) {
            run.keepLoser(contact.uid(), deviceWins ? theirs : local, !deviceWins);
        }
        return contact.withCard(Optional.of(merged.card())).withServer(now);
    }

    /** What the server lost is sent again: a card that differs there is older, not newer. */
    private LocalContact restored(LocalContact contact, Optional<OnServer> now) {
        if (contact.card().isEmpty() && contact.server().isEmpty() && now.isPresent()) {
            return contact.withCard(now.map(OnServer::card)).withServer(now);
        }
        boolean changedHere = contact.isUp();
        boolean differs = now.isPresent() && !now.map(OnServer::card).equals(contact.card());
        if (changedHere && differs && contact.card().isPresent()) {
            run.keepLoser(contact.uid(), now.get().card(), false);
        }
        return contact.withServer(now);
    }
}
