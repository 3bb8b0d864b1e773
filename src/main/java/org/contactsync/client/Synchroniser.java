package org.contactsync.client;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.client.Outcome.Done;
import org.contactsync.client.Outcome.Moved;
import org.contactsync.client.Outcome.Stopped;
import org.contactsync.client.PushResult.Agreed;
import org.contactsync.client.PushResult.Conflicting;
import org.contactsync.client.PushResult.Disagreed;
import org.contactsync.client.PushResult.NeedsConfirmation;
import org.contactsync.client.PushResult.Planned;
import org.contactsync.client.PushResult.Refused;
import org.contactsync.client.PushResult.Summary;
import org.contactsync.client.PushResult.Way;
import org.contactsync.client.compare.Comparison;
import org.contactsync.client.compare.Difference;
import org.contactsync.client.compare.KnownBook;
import org.contactsync.client.compare.OnConflict;
import org.contactsync.client.compare.PhoneBook;
import org.contactsync.client.http.Progress;
import org.contactsync.client.http.ServerProblem;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.client.remote.Applied;
import org.contactsync.client.remote.BookClient;
import org.contactsync.client.remote.BookClient.Contents;
import org.contactsync.client.remote.MissedChanges;
import org.contactsync.client.remote.RemoteChange;
import org.contactsync.client.state.Pending;
import org.contactsync.client.state.StateFile;
import org.contactsync.client.state.SyncState;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.BookHead;
import org.contactsync.protocol.request.OnMismatch;

/**
 * Brings the phone's book to the server (protocol §1): has anything changed? – compare – send the difference – compare the
 * second check code – if it differs, a second incremental sync and, as a last resort, a full upload. For one push, in one
 * thread.
 */
public final class Synchroniser {
    /** The first incremental sync, the second one that the protocol names, and one more for a device that came between. */
    private static final int INCREMENTAL_ATTEMPTS = 3;

    /** The book is read so often for a full upload before the client gives in to devices that keep changing it. */
    private static final int READ_ATTEMPTS = 5;

    /** The server's own rule (protocol rule 8): from this size on, deleting more than half needs a person. */
    private static final int GUARDED_BOOK = 20;

    private final BookClient client;
    private final StateFile file;
    private final Conflicts conflicts;
    private final Survey survey;
    private final Delivery delivery;
    private final Supplier<UUID> keys;

    /**
     * @param file the account's state, held for the time of the push
     * @param keys gives each new task its idempotency key
     * @param clock names the file of the cards that were overwritten
     */
    public Synchroniser(BookClient client, StateFile file, Supplier<UUID> keys, Clock clock, Progress progress) {
        this.client = client;
        this.file = file;
        this.conflicts = new Conflicts(client, new ConflictFile(file.directory(), clock));
        this.survey = new Survey(client, progress);
        this.keys = keys;
        this.delivery = new Delivery(client, keys, progress);
    }

    /**
     * Makes the server's book what the phone's book says; see {@link Comparison} for what happens to each contact.
     *
     * @throws ServerUnreachable when there is no answer; the next push goes on where this one stopped
     * @throws ServerRefusal when the server refuses to talk at all, e.g. because of the token
     * @throws IOException when the state cannot be read, or a card that would be overwritten cannot be written down
     */
    public PushResult push(PhoneBook phone, PushOptions options) throws ServerUnreachable, ServerRefusal, IOException {
        SyncState state = whereWeStand(phone, options);
        if (options.replace()) {
            return fullUpload(phone, state, options);
        }
        Optional<Summary> sent = Optional.empty();
        for (int attempt = 1; attempt <= INCREMENTAL_ATTEMPTS; attempt++) {
            Difference difference = Comparison.careful(phone, state.known(), state.codes(), options.onConflict());
            if (options.onConflict() == OnConflict.SERVER && !options.dryRun() && attempt == 1) {
                conflicts.handOver(difference, phone, state.checkCode(), keys);
            }
            if (difference.isEmpty() && !isHeldUp(difference, options)) {
                settle(state, difference, options);
                return new Agreed(sent.orElse(summary(difference, state.checkCode(), Way.NOTHING)));
            }
            Optional<PushResult> stop = stopBefore(difference, phone, state.known(), state.checkCode(), options);
            if (stop.isPresent()) {
                return stop.get();
            }
            if (options.onConflict() == OnConflict.FILE && !conflicts.keep(difference, state.codes())) {
                state = survey.bringUpToDate(state, Optional.empty(), phone, mayFill(options));
                continue;
            }
            Shipment shipment = Shipment.of(difference, state);
            Way way = shipment.fitsOneRequest(client.capabilities()) ? Way.ONE_REQUEST : Way.CHUNKS;
            OnMismatch onMismatch = attempt == 1 ? OnMismatch.REFUSE : OnMismatch.REBASE;
            Journal journal = new StateJournal(file, state);
            Outcome outcome = way == Way.CHUNKS
                    ? delivery.sendInChunks(journal, state.codes(), shipment, options.confirmDeletes())
                    : delivery.sendInOneRequest(
                            journal, shipment, onMismatch, options.confirmDeletes(), options.priority());
            if (outcome instanceof Stopped stopped) {
                return new Refused(stopped.problem());
            }
            if (outcome instanceof Moved moved) {
                state = survey.bringUpToDate(state.withoutPending(), moved.missed(), phone, mayFill(options));
                continue;
            }
            Applied applied = ((Done) outcome).applied();
            conflicts.markApplied(difference);
            SyncState assumed = assuming(state, difference, applied);
            if (assumed.checkCode().equals(applied.checkCode())) {
                file.save(assumed);
                return new Agreed(summary(difference, assumed.checkCode(), way));
            }
            state = survey.bringUpToDate(assumed, Optional.empty(), phone, mayFill(options));
            sent = Optional.of(summary(difference, state.checkCode(), way));
        }
        return fullUpload(phone, state, options);
    }

    /** The saved state, if the server's book is still what it says: one request. Otherwise what the server has. */
    private SyncState whereWeStand(PhoneBook phone, PushOptions options)
            throws ServerUnreachable, ServerRefusal, IOException {
        Optional<SyncState> saved = file.load();
        if (saved.isEmpty()) {
            return survey.readInitialState(phone);
        }
        Optional<BookHead> other = client.bookOtherThan(saved.get().checkCode());
        return other.isEmpty()
                ? saved.get()
                : survey.bringUpToDate(saved.get(), other.get(), Optional.empty(), phone, mayFill(options));
    }

    /** Whether a book that began anew gets everything again (protocol 4.23.4). */
    private static boolean mayFill(PushOptions options) {
        return options.beginAnew() || options.replace();
    }

    /** Nothing is left to send: a task of an earlier run is taken back, and what was found equal is written down. */
    private void settle(SyncState state, Difference difference, PushOptions options)
            throws ServerUnreachable, ServerRefusal {
        if (options.dryRun()) {
            return;
        }
        Optional<String> leftover = state.pending().flatMap(Pending::task);
        if (leftover.isPresent()) {
            client.taskClient().cancel(leftover.get());
        }
        file.save(state.agreed(state.checkCode(), state.seq(), difference.before()));
    }

    /** What ends the push before anything is sent: a conflict, a dry run, or deletions that a person has to confirm. */
    private Optional<PushResult> stopBefore(
            Difference difference, PhoneBook phone, KnownBook server, CheckCode code, PushOptions options) {
        if (isHeldUp(difference, options)) {
            return Optional.of(new Conflicting(conflicts.all(difference)));
        }
        if (options.dryRun()) {
            return Optional.of(new Planned(summary(difference, code, Way.NOTHING)));
        }
        int deletes = difference.counts().deleted();
        int size = server.contacts().size();
        boolean most = size >= GUARDED_BOOK && 2 * deletes > size;
        boolean all = deletes > 0 && phone.contacts().isEmpty();
        return (most || all) && !options.confirmDeletes()
                ? Optional.of(new NeedsConfirmation(deletes, size))
                : Optional.empty();
    }

    private static boolean isHeldUp(Difference difference, PushOptions options) {
        return options.onConflict() == OnConflict.STOP
                && !difference.conflicts().isEmpty();
    }

    /**
     * The state if the server applied just this difference on top of what it says that others did before. Its check code is
     * computed, not taken from the server: the two are compared.
     */
    private static SyncState assuming(SyncState state, Difference difference, Applied applied) {
        List<RemoteChange> theirs = applied.missed().map(MissedChanges::changes).orElse(List.of()).stream()
                .filter(change -> !difference.outcome().containsKey(change.uid()))
                .toList();
        KnownBook book = difference.after().withTheirs(theirs);
        CheckCode code = book.checkCode(state.codes());
        return state.agreed(code, code.equals(applied.checkCode()) ? applied.seq() : state.seq(), book);
    }

    /**
     * The whole book in one staged upload. Unless the phone's book is to replace everything, what only the server has goes
     * into it as well: it is read first, what was read must have the server's check code, and the upload is refused if the
     * book changes in between.
     */
    private PushResult fullUpload(PhoneBook phone, SyncState from, PushOptions options)
            throws ServerUnreachable, ServerRefusal, IOException {
        SyncState state = from;
        boolean cutShort = false;
        for (int attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
            Optional<Contents> contents = client.contents();
            // What is missing from an incomplete list would be deleted by the upload, and all codes would fit.
            cutShort = contents.isPresent() && !contents.get().isWhole(state.codes());
            if (contents.isEmpty() || cutShort) {
                continue;
            }
            KnownBook server = known(contents.get(), state);
            Difference difference = options.replace()
                    ? Comparison.exact(phone, server, state.codes())
                    : Comparison.careful(phone, server, state.codes(), options.onConflict());
            Optional<PushResult> stop =
                    stopBefore(difference, phone, server, contents.get().checkCode(), options);
            if (stop.isPresent()) {
                return stop.get();
            }
            if (options.onConflict() == OnConflict.FILE && !conflicts.keep(difference, state.codes(), contents.get())) {
                continue;
            }
            Shipment shipment = Shipment.ofWholeBook(contents.get(), difference, state.codes());
            Outcome outcome = delivery.sendInChunks(
                    new StateJournal(file, state), state.codes(), shipment, options.confirmDeletes());
            if (outcome instanceof Stopped stopped) {
                return new Refused(stopped.problem());
            }
            if (outcome instanceof Done done) {
                if (!done.applied().checkCode().equals(shipment.after())) {
                    return new Disagreed(done.applied().checkCode(), shipment.after());
                }
                file.save(state.agreed(shipment.after(), done.applied().seq(), difference.after()));
                return new Agreed(summary(difference, shipment.after(), Way.REPLACE));
            }
            state = state.withoutPending();
        }
        if (cutShort) {
            throw new ServerRefusal(
                    ServerProblem.found(
                            "listing-incomplete",
                            "The server's list of contacts does not match the server's check code; nothing was uploaded.",
                            "Push again. If this happens again, something between this machine and the server truncates its answers."));
        }
        return new Disagreed(client.book().checkCode(), state.checkCode());
    }

    /** The server's book as it was just read, with what this client remembers of having sent. */
    private static KnownBook known(Contents contents, SyncState state) {
        CheckCodes codes = state.codes();
        TreeMap<Uid, KnownBook.KnownContact> known = new TreeMap<>(KnownBook.ORDER);
        contents.contacts()
                .forEach((uid, card) -> known.put(
                        uid,
                        new KnownBook.KnownContact(
                                codes.contentHash(card),
                                Optional.ofNullable(state.known().contacts().get(uid))
                                        .flatMap(KnownBook.KnownContact::sent))));
        return new KnownBook(known);
    }

    private Summary summary(Difference difference, CheckCode code, Way way) {
        Difference.Counts counts = difference.counts();
        return new Summary(
                counts.added(),
                counts.changed(),
                counts.deleted(),
                counts.unchanged(),
                counts.unknown(),
                difference.theirs(),
                conflicts.all(difference),
                conflicts.path(),
                code,
                way,
                survey.surveys(),
                client.requests());
    }
}
