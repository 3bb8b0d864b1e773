package org.contactsync.client.device;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.device.SyncReport.Outcome.BeganAnew;
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
import org.contactsync.client.remote.BookClient.Feed;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.Missed.BookChange;

/** Takes the server's changes into the local database. For one task, in one thread. */
final class ServerSide {
    private final BookClient client;
    private final Run run;
    private final LocalContacts contacts;
    private final boolean mayFill;
    private Optional<SyncReport.Outcome> question = Optional.empty();

    /** Where the server's book comes from. */
    private enum Origin {
        /** From the one that is known, by the changes of others. */
        KNOWN,
        /** From a backup: what came later is lost. */
        BACKUP,
        /** From nothing, under another key: what it has was put there since. */
        ANEW
    }

    /** @param mayFill a person has agreed that a book that began anew is filled again */
    ServerSide(BookClient client, Run run, boolean mayFill) {
        this.client = client;
        this.run = run;
        this.mayFill = mayFill;
        this.contacts = run.database.contacts();
    }

    /** What a person has to decide before anything is taken in. */
    Optional<SyncReport.Outcome> question() {
        return question;
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
            compare(first, nothing(first), Optional.empty());
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
        compare(head, known, Optional.empty());
    }

    private static Agreement nothing(BookHead head) {
        return new Agreement(head.checkKey(), 0, BookDigest.EMPTY);
    }

    private static boolean isRestored(Agreement known, BookHead head) {
        return !head.checkKey().equals(known.key())
                || head.seq() < known.seq()
                || head.seq() == known.seq() && !head.checkCode().equals(known.checkCode());
    }

    private void takeIn(Agreement known, BookHead head) throws ServerUnreachable, ServerRefusal {
        if (isEmptied(known, head)) {
            return;
        }
        Optional<Feed> feed = isRestored(known, head) || known.seq() < head.changesFrom()
                ? Optional.empty()
                : client.feed(known.seq());
        if (feed.isEmpty() || !apply(feed.get(), known)) {
            run.climb(Rung.TREE);
            compare(head, known, feed);
        }
    }

    /** Another book in which there is nothing: a person has to agree that it is filled (protocol 4.23.4). */
    private boolean isEmptied(Agreement known, BookHead head) {
        if (!mayFill
                && !head.checkKey().equals(known.key())
                && head.count() == 0
                && known.digest().count() > 0) {
            question = Optional.of(new BeganAnew(known.digest().count()));
        }
        return question.isPresent();
    }

    /** Whether the feed leads to the book: only then it is used. */
    private boolean apply(Feed feed, Agreement known) {
        CheckCodes codes = known.codes();
        BookDigest digest = known.digest();
        Map<Uid, Optional<OnServer>> now = new LinkedHashMap<>();
        for (BookChange change : feed.changes()) {
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
        if (!codes.checkCode(digest).equals(feed.checkCode())) {
            return false;
        }
        commit(now, known.with(feed.seq(), digest), Origin.KNOWN);
        return true;
    }

    /**
     * Finds what differs by the tree.
     *
     * @param failed a whole feed that does not lead from what is known to the book of its last page: a book that is still that one has a history of
     *     its own, because the server was set back and others have gone on (protocol 10.2)
     */
    private void compare(BookHead head, Agreement known, Optional<Feed> failed)
            throws ServerUnreachable, ServerRefusal {
        boolean sameKey = head.checkKey().equals(known.key());
        WholeComparison whole = new WholeComparison(client, contacts, head, sameKey);
        Map<Uid, Optional<OnServer>> now = whole.find();
        BookHead found = whole.head();
        boolean another = failed.filter(
                        feed -> feed.seq() == found.seq() && feed.checkCode().equals(found.checkCode()))
                .isPresent();
        if (!sameKey && !mayFill && known.digest().count() > 0) {
            long missing = now.values().stream().filter(Optional::isEmpty).count();
            if (MassDelete.isSuspected(missing, known.digest().count())) {
                question = Optional.of(new BeganAnew(missing));
                return;
            }
        }
        Agreement agreement = new Agreement(found.checkKey(), found.seq(), whole.digest());
        boolean restored = isRestored(known, head) || isRestored(known, found) || another;
        commit(now, agreement, !sameKey ? Origin.ANEW : restored ? Origin.BACKUP : Origin.KNOWN);
    }

    private void commit(Map<Uid, Optional<OnServer>> now, Agreement agreement, Origin origin) {
        run.done(Step.SERVER_READ);
        run.database.write(() -> {
            Map<Uid, LocalContact> linked = relinked(now, agreement.codes());
            now.forEach((uid, server) -> {
                LocalContact contact = linked.getOrDefault(uid, contacts.get(uid));
                contacts.put(
                        switch (origin) {
                            case KNOWN -> incorporated(contact, server);
                            case BACKUP -> restored(contact, server);
                            case ANEW -> begunAnew(contact, server);
                        });
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
            if (server.isPresent() && contact.server().isEmpty() && isFree(contact, server.get())) {
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

    /** Whether nothing here is the server's contact by its uid. A contact that the server never had gives it to another person. */
    private boolean isFree(LocalContact contact, OnServer theirs) {
        if (contact.card().isEmpty()) {
            return true;
        }
        boolean isAnother = !Naming.isSame(contact.uid(), contact.card().get(), theirs.card());
        if (isAnother) {
            contacts.rename(contact, Naming.made());
        }
        return isAnother;
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

    /** What another book lacks is sent to it. A card that differs there is newer; of this device's own one, which may be nowhere else, a copy is kept. */
    private LocalContact begunAnew(LocalContact contact, Optional<OnServer> now) {
        Optional<CanonicalCard> before = contact.server().map(OnServer::card);
        if (now.isEmpty() || now.map(OnServer::card).equals(before)) {
            return contact.withServer(now);
        }
        CanonicalCard theirs = now.get().card();
        if (contact.card().isEmpty()) {
            return contact.withCard(Optional.of(theirs)).withServer(now);
        }
        CanonicalCard local = contact.card().get();
        CanonicalCard merged =
                CardMerge.merge(before, theirs, before, local, true).card();
        if (!merged.equals(local)) {
            run.keepLoser(contact.uid(), local, true);
        }
        return contact.withCard(Optional.of(merged)).withServer(now);
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
