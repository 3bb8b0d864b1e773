package org.contactsync.client.device;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.contactsync.checkcode.BookDigest;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.Delivery;
import org.contactsync.client.Journal;
import org.contactsync.client.Outcome;
import org.contactsync.client.Shipment;
import org.contactsync.client.compare.KnownBook;
import org.contactsync.client.compare.ServerBook;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.Agreement;
import org.contactsync.client.local.LocalContact;
import org.contactsync.client.local.LocalContact.OnServer;
import org.contactsync.client.local.LocalContacts;
import org.contactsync.client.local.Outbox;
import org.contactsync.client.remote.Applied;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.state.Pending;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.Change.Expected;
import org.contactsync.protocol.request.OnMismatch;

/** Sends what the server has yet to get, as one task. For one task of the client, in one thread. */
final class Sending {
    private final BookClient client;
    private final Run run;
    private final Delivery delivery;
    private final LocalContacts contacts;
    private final Outbox outbox;
    private final ChunkSize chunkSize;

    Sending(BookClient client, Run run, Supplier<UUID> keys, Progress progress) {
        this.client = client;
        this.run = run;
        this.delivery = new Delivery(client, keys, progress);
        this.contacts = run.database.contacts();
        this.outbox = run.database.outbox();
        this.chunkSize = new ChunkSize(run.database);
    }

    /**
     * Writes down what is about to be sent.
     *
     * @param all also what the server refused to take without a person
     * @return whether there is anything
     */
    boolean begin(boolean all) throws ServerUnreachable, ServerRefusal {
        List<LocalContact> up = contacts.up(all);
        if (up.isEmpty()) {
            return false;
        }
        Agreement agreement = run.database.agreement().orElseThrow();
        Shipment shipment = shipment(up, agreement, Shipment.CHUNK_CONTACTS);
        boolean inChunks = !shipment.fitsOneRequest(client.capabilities());
        begin(
                up,
                new Outbox.Task(
                        false, inChunks, chunkSize.contacts(), !inChunks, agreement.checkCode(), Optional.empty()));
        return true;
    }

    /** The same for the whole book. */
    void beginWhole() {
        CheckCode before = run.database.agreement().orElseThrow().checkCode();
        begin(contacts.all(), new Outbox.Task(true, true, chunkSize.contacts(), false, before, Optional.empty()));
    }

    private void begin(List<LocalContact> sent, Outbox.Task task) {
        CheckCodes codes = run.database.agreement().orElseThrow().codes();
        run.database.write(() -> {
            outbox.begin(task);
            sent.forEach(contact -> outbox.add(contact.uid(), contact.card().map(codes::contentHash)));
            return 0;
        });
        run.done(Step.OUTBOX_WRITTEN);
    }

    /** Sends what is written down, or goes on with it, and writes down what came of it. */
    Outcome deliver(boolean confirmDeletes, Priority priority) throws ServerUnreachable, ServerRefusal {
        Outbox.Task task = outbox.task().orElseThrow();
        Agreement agreement = run.database.agreement().orElseThrow();
        List<LocalContact> sent =
                outbox.contacts().keySet().stream().map(contacts::get).toList();
        Shipment shipment =
                task.whole() ? whole(sent, agreement, task) : shipment(sent, agreement, task.chunkContacts());
        Journal journal = new OutboxJournal();
        long began = System.nanoTime();
        Outcome outcome;
        try {
            outcome = task.inChunks()
                    ? delivery.sendInChunks(journal, agreement.codes(), shipment, confirmDeletes)
                    : delivery.sendInOneRequest(
                            journal,
                            shipment,
                            task.rebase() ? OnMismatch.REBASE : OnMismatch.REFUSE,
                            confirmDeletes,
                            priority);
        } catch (ServerUnreachable e) {
            chunkSize.broke(task.inChunks());
            throw e;
        }
        if (outcome instanceof Outcome.Done done) {
            chunkSize.measured(task.inChunks(), sent.size(), Duration.ofNanos(System.nanoTime() - began));
            run.done(Step.SENT);
            settle(done.applied(), shipment, task.whole());
            run.done(Step.COMMITTED);
        }
        return outcome;
    }

    private void settle(Applied applied, Shipment shipment, boolean whole) {
        run.database.write(() -> {
            Agreement before = run.database.agreement().orElseThrow();
            CheckCodes codes = before.codes();
            if (whole) {
                contacts.onServer().keySet().stream()
                        .filter(uid -> !shipment.outcome().containsKey(uid))
                        .forEach(uid -> contacts.put(contacts.get(uid).withServer(Optional.empty())));
            }
            long deletes = 0;
            BookDigest digest = whole ? BookDigest.EMPTY : before.digest();
            for (Map.Entry<Uid, Optional<ContentHash>> sent : shipment.outcome().entrySet()) {
                LocalContact contact = contacts.get(sent.getKey());
                digest = whole ? digest : without(digest, contact, codes);
                Optional<ContentHash> after = sent.getValue();
                deletes += after.isEmpty() ? 1 : 0;
                digest = after.isPresent() ? digest.plus(codes.entry(sent.getKey(), after.get())) : digest;
                Optional<CanonicalCard> card = contact.card();
                contacts.put(contact.withServer(after.map(hash -> new OnServer(card.orElseThrow(), hash))));
            }
            boolean agrees = codes.checkCode(digest).equals(applied.checkCode());
            run.database.setAgreement(before.with(agrees ? applied.seq() : before.seq(), digest));
            run.counts.sent += shipment.outcome().size();
            run.recentDeletes(false).add(deletes);
            outbox.clear();
            return 0;
        });
    }

    private static BookDigest without(BookDigest digest, LocalContact contact, CheckCodes codes) {
        Optional<ContentHash> before = contact.serverHash();
        return before.isPresent() ? digest.minus(codes.entry(contact.uid(), before.get())) : digest;
    }

    private static Shipment shipment(List<LocalContact> sent, Agreement agreement, int chunkContacts) {
        CheckCodes codes = agreement.codes();
        List<Change> changes = new ArrayList<>();
        Map<Uid, Optional<ContentHash>> outcome = new LinkedHashMap<>();
        Map<Uid, ContentHash> before = new HashMap<>();
        BookDigest digest = agreement.digest();
        for (LocalContact contact : sent) {
            Uid uid = contact.uid();
            Optional<Expected> expected = Optional.of(new Expected(contact.serverHash()));
            contact.serverHash().ifPresent(hash -> before.put(uid, hash));
            digest = without(digest, contact, codes);
            Optional<ContentHash> after = contact.card().map(codes::contentHash);
            digest = after.isPresent() ? digest.plus(codes.entry(uid, after.get())) : digest;
            outcome.put(uid, after);
            changes.add(
                    contact.card().isPresent()
                            ? new Change.Put(uid, contact.card().get(), expected)
                            : new Change.Delete(uid, expected));
        }
        boolean first = agreement.digest().count() == 0;
        return new Shipment(
                first ? TaskKind.INITIAL : TaskKind.CHANGES,
                changes,
                outcome,
                new Base(agreement.digest(), before),
                agreement.checkCode(),
                codes.checkCode(digest),
                chunkContacts);
    }

    private static Shipment whole(List<LocalContact> sent, Agreement agreement, Outbox.Task task) {
        CheckCodes codes = agreement.codes();
        List<Change> puts = new ArrayList<>();
        Map<Uid, Optional<ContentHash>> outcome = new LinkedHashMap<>();
        BookDigest digest = BookDigest.EMPTY;
        for (LocalContact contact : sent) {
            CanonicalCard card = contact.card().orElseThrow();
            ContentHash hash = codes.contentHash(card);
            puts.add(new Change.Put(contact.uid(), card, Optional.empty()));
            outcome.put(contact.uid(), Optional.of(hash));
            digest = digest.plus(codes.entry(contact.uid(), hash));
        }
        return new Shipment(
                TaskKind.REPLACE,
                puts,
                outcome,
                KnownBook.EMPTY,
                task.before(),
                codes.checkCode(digest),
                task.chunkContacts());
    }

    private record Base(BookDigest all, Map<Uid, ContentHash> hashes) implements ServerBook {
        @Override
        public BookDigest digest(CheckCodes codes) {
            return all;
        }

        @Override
        public Optional<ContentHash> hash(Uid uid) {
            return Optional.ofNullable(hashes.get(uid));
        }
    }

    private final class OutboxJournal implements Journal {
        @Override
        public Optional<Pending> pending() {
            return outbox.task()
                    .flatMap(Outbox.Task::pending)
                    .map(sent -> new Pending(sent.key(), sent.request(), sent.after(), sent.task(), Map.of()));
        }

        @Override
        public void keep(Pending pending) {
            run.database.write(() -> {
                outbox.keep(pending);
                return 0;
            });
        }

        @Override
        public void drop() {
            run.database.write(() -> {
                outbox.clear();
                return 0;
            });
        }
    }
}
