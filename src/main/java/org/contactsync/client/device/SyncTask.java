package org.contactsync.client.device;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.client.Outcome;
import org.contactsync.client.Outcome.Done;
import org.contactsync.client.Outcome.Stopped;
import org.contactsync.client.addressbook.AddressBook;
import org.contactsync.client.device.SyncReport.Outcome.Agreed;
import org.contactsync.client.device.SyncReport.Outcome.KeepsChanging;
import org.contactsync.client.device.SyncReport.Outcome.NeedsConfirmation;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.local.Agreement;
import org.contactsync.client.local.ConflictCopy;
import org.contactsync.client.local.LocalContact;
import org.contactsync.client.local.LocalContacts;
import org.contactsync.client.local.Outbox;
import org.contactsync.client.remote.BookClient;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.ReceivedProblem.FaultyContact;
import org.contactsync.protocol.request.LostCard;

/** One task: both sides are taken in, and each gets what it lacks. One object per task; for one thread. */
final class SyncTask {
    /** Rounds in which somebody else may have been faster, on the server or on the phone. */
    private static final int ROUNDS = 6;

    private final BookClient client;
    private final Run run;
    private final PhoneSide phone;
    private final ServerSide server;
    private final Sending sending;
    private final LocalContacts contacts;
    private final Supplier<UUID> keys;
    private final Consent consent;
    private final Priority priority;
    private final int requestsBefore;
    private int differed;
    private boolean moved;

    SyncTask(
            BookClient client,
            AddressBook book,
            Run run,
            Supplier<UUID> keys,
            Progress progress,
            Consent consent,
            Priority priority) {
        this.client = client;
        this.requestsBefore = client.requests();
        this.run = run;
        this.phone = new PhoneSide(book, run);
        this.server = new ServerSide(client, run, consent == Consent.BEGIN_ANEW);
        this.sending = new Sending(client, run, keys, progress);
        this.contacts = run.database.contacts();
        this.keys = keys;
        this.consent = consent;
        this.priority = priority;
    }

    /**
     * Does it.
     *
     * @throws ServerUnreachable when there is no answer; the next task goes on
     * @throws ServerRefusal when the server refuses for a reason that this client cannot mend
     * @throws IOException of the address book
     */
    SyncReport run() throws ServerUnreachable, ServerRefusal, IOException {
        phone.bind();
        if (run.database.outbox().task().isPresent()) {
            deliver(); // of a run that was interrupted: what it carries must not change before its outcome is known
        }
        for (int round = 1; round <= ROUNDS; round++) {
            moved = false;
            phone.takeIn();
            takeInServer();
            if (server.question().isPresent()) {
                return run.counts.report(server.question().get(), client.requests() - requestsBefore, Optional.empty());
            }
            Optional<SyncReport.Outcome> heldUp = send();
            Optional<SyncReport.Outcome> heldDown = bring();
            if (!moved) {
                handOverLostCards();
                endWindows();
                SyncReport.Outcome outcome = heldUp.or(() -> heldDown).orElseGet(Agreed::new);
                return run.counts.report(outcome, client.requests() - requestsBefore, code());
            }
        }
        return run.counts.report(new KeepsChanging(), client.requests() - requestsBefore, Optional.empty());
    }

    /** What a person has agreed to is not counted when the next deletions are judged. */
    private void endWindows() {
        if (consent != Consent.NOTHING) {
            run.recentDeletes(false).agreed();
            run.recentDeletes(true).agreed();
        }
    }

    private Optional<CheckCode> code() {
        return run.database.agreement().map(Agreement::checkCode);
    }

    private void takeInServer() throws ServerUnreachable, ServerRefusal {
        if (differed == 2) {
            run.climb(Rung.TREE);
            server.takeInByTree();
        } else if (server.takeIn()) {
            differed = 0; // somebody else was faster, which explains it
        }
    }

    private Optional<SyncReport.Outcome> send() throws ServerUnreachable, ServerRefusal {
        long deletes = contacts.countServerDeletes();
        long count = run.database.agreement().orElseThrow().digest().count();
        long recent = run.recentDeletes(false).count();
        if (MassDelete.isSuspected(deletes, count, recent) && consent != Consent.DELETES) {
            return ask(false, deletes, count);
        }
        if (differed >= 3) {
            run.climb(Rung.FULL_UPLOAD);
            sending.beginWhole();
            return deliver();
        }
        return sending.begin(priority == Priority.USER) ? deliver() : Optional.empty();
    }

    private Optional<SyncReport.Outcome> deliver() throws ServerUnreachable, ServerRefusal {
        boolean whole = run.database.outbox().task().orElseThrow().whole();
        Outcome outcome = sending.deliver(consent == Consent.DELETES, priority);
        if (outcome instanceof Stopped stopped) {
            return stopped(stopped.problem());
        }
        boolean rebased =
                outcome instanceof Done done && done.applied().missed().isPresent();
        boolean agrees = outcome instanceof Done done
                && code().equals(Optional.of(done.applied().checkCode()));
        if (agrees) {
            return Optional.empty();
        }
        if (whole && outcome instanceof Done) {
            throw new ServerRefusal(ServerProblem.found(
                    "codes-differ",
                    "The books differ even after a full upload.",
                    "Try again when no other device is synchronising. If this happens again, report it."));
        }
        moved = true;
        if (rebased || ++differed == 1) {
            run.climb(Rung.REBASE);
        }
        return Optional.empty();
    }

    private Optional<SyncReport.Outcome> stopped(ServerProblem problem) throws ServerUnreachable, ServerRefusal {
        if (problem.is(ProblemType.SYNC_LOOP)) {
            hold(problem);
            moved = true;
            return Optional.empty();
        }
        if (problem.is(ProblemType.MASS_DELETE_SUSPECTED)) {
            long deletes = contacts.countServerDeletes();
            Optional<String> task =
                    run.database.outbox().task().flatMap(Outbox.Task::pending).flatMap(Outbox.Sent::task);
            if (task.isPresent()) {
                client.taskClient().cancel(task.get());
            }
            run.database.write(() -> {
                run.database.outbox().clear();
                return 0;
            });
            return ask(
                    false,
                    deletes,
                    run.database.agreement().orElseThrow().digest().count());
        }
        throw new ServerRefusal(problem);
    }

    /** Two devices rewrite each other's contacts: they are not sent again until a person, or another change, says so. */
    private void hold(ServerProblem problem) throws ServerRefusal {
        Set<String> named = new HashSet<>();
        for (FaultyContact contact : problem.contacts()) {
            named.add(contact.uid());
        }
        List<LocalContact> held = contacts.up(false).stream()
                .filter(contact -> named.contains(contact.uid().value()))
                .toList();
        if (held.isEmpty()) {
            throw new ServerRefusal(problem);
        }
        run.database.write(() -> {
            held.forEach(contact -> contacts.put(contact.withHeld()));
            return 0;
        });
    }

    private Optional<SyncReport.Outcome> ask(boolean onPhone, long deletes, long of) {
        RecentDeletes before = run.recentDeletes(onPhone);
        before.asked();
        return Optional.of(new NeedsConfirmation(onPhone, deletes, of, before.count()));
    }

    private Optional<SyncReport.Outcome> bring() throws IOException {
        if (run.options.mode() == SyncOptions.Mode.BACKUP) {
            return Optional.empty();
        }
        long suspected = phone.suspectedDeletes();
        if (suspected > 0 && consent != Consent.DELETES) {
            return ask(true, suspected, contacts.countOnPhone());
        }
        moved |= !phone.bring();
        return Optional.empty();
    }

    /** Cards of this device that lost and never were on the server: there they are among the versions of their contacts (4.3.12). */
    private void handOverLostCards() throws ServerUnreachable, ServerRefusal {
        List<ConflictCopy> left = run.database.conflicts().notHandedOver();
        if (left.isEmpty() || client.capabilities().lostCards() == 0) {
            return;
        }
        List<ConflictCopy> now = new ArrayList<>();
        Set<Uid> uids = new HashSet<>();
        long bytes = 0;
        for (ConflictCopy copy : left) {
            bytes += copy.card().length();
            boolean fits = now.isEmpty() || bytes <= client.capabilities().oneShotBytes();
            if (fits && now.size() < client.capabilities().lostCards() && uids.add(copy.uid())) {
                now.add(copy);
            }
        }
        List<LostCard> cards =
                now.stream().map(copy -> new LostCard(copy.uid(), copy.card())).toList();
        if (client.taskClient().keepLost(keys.get(), code().orElseThrow(), cards)) {
            run.database.write(() -> {
                run.database.conflicts().markHandedOver(now);
                return 0;
            });
        }
    }
}
