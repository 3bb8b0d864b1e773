package org.contactsync.client;

import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.contactsync.checkcode.CanonicalCard;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.CheckCodes;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.client.BookClient.Contents;
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
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Change;
import org.contactsync.protocol.Change.Put;
import org.contactsync.protocol.OnMismatch;
import org.contactsync.protocol.TaskKind;

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
        this.delivery = new Delivery(client, file, keys, progress);
    }

    /**
     * Makes the server's book what the phone's book says; see {@link Comparison} for what happens to each contact.
     *
     * @throws ServerUnreachable when there is no answer; the next push goes on where this one stopped
     * @throws ServerRefusal when the server refuses to talk at all, e.g. because of the token
     * @throws IOException when the state cannot be read, or a card that would be overwritten cannot be written down
     */
    public PushResult push(PhoneBook phone, PushOptions options) throws ServerUnreachable, ServerRefusal, IOException {
        SyncState state = whereWeStand(phone);
        if (options.replace()) {
            return fullUpload(phone, state, options);
        }
        Optional<Summary> sent = Optional.empty();
        for (int attempt = 1; attempt <= INCREMENTAL_ATTEMPTS; attempt++) {
            Difference difference = Comparison.careful(phone, state.known(), state.codes(), options.onConflict());
            if (mustStop(difference, options)) {
                return new Conflicting(conflicts.all(difference));
            }
            if (difference.isEmpty()) {
                settle(state, difference, options);
                return new Agreed(sent.orElse(summary(difference, state.checkCode(), Way.NOTHING)));
            }
            if (options.dryRun()) {
                return new Planned(summary(difference, state.checkCode(), Way.NOTHING));
            }
            if (needsConfirmation(phone, state.known(), difference, options)) {
                return new NeedsConfirmation(
                        difference.counts().deleted(), state.known().contacts().size());
            }
            if (options.onConflict() == OnConflict.FILE && !conflicts.keep(difference, state.codes())) {
                state = survey.upToDate(state, Optional.empty(), phone);
                continue;
            }
            Shipment shipment = shipment(state, difference);
            boolean oneRequest = shipment.fitsOneRequest(client.capabilities());
            Outcome outcome = oneRequest
                    ? delivery.inOneRequest(
                            state, shipment, attempt == 1 ? OnMismatch.REFUSE : OnMismatch.REBASE, options)
                    : delivery.inChunks(state, shipment, options.confirmDeletes());
            if (outcome instanceof Stopped stopped) {
                return new Refused(stopped.problem());
            } else if (outcome instanceof Done done) {
                conflicts.applied(difference);
                SyncState assumed = assuming(state, difference, done.applied());
                boolean agreed = assumed.checkCode().equals(done.applied().checkCode());
                state = agreed ? assumed : survey.upToDate(assumed, Optional.empty(), phone);
                Summary summary = summary(difference, state.checkCode(), oneRequest ? Way.ONE_REQUEST : Way.CHUNKS);
                if (agreed) {
                    file.save(state);
                    return new Agreed(summary);
                }
                sent = Optional.of(summary);
            } else if (outcome instanceof Moved moved) {
                state = survey.upToDate(state.withoutPending(), moved.missed(), phone);
            }
        }
        return fullUpload(phone, state, options);
    }

    /** The saved state, if the server's book is still what it says: one HEAD request. Otherwise what the server has. */
    private SyncState whereWeStand(PhoneBook phone) throws ServerUnreachable, ServerRefusal, IOException {
        Optional<SyncState> saved = file.load();
        if (saved.isEmpty()) {
            return survey.firstMeeting();
        }
        boolean same = client.codeOtherThan(saved.get().checkCode()).isEmpty();
        return same ? saved.get() : survey.upToDate(saved.get(), Optional.empty(), phone);
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

    private static boolean mustStop(Difference difference, PushOptions options) {
        return options.onConflict() == OnConflict.STOP
                && !difference.conflicts().isEmpty();
    }

    private static boolean needsConfirmation(
            PhoneBook phone, KnownBook server, Difference difference, PushOptions options) {
        int deletes = difference.counts().deleted();
        int size = server.contacts().size();
        boolean most = size >= GUARDED_BOOK && 2 * deletes > size;
        boolean all = deletes > 0 && phone.contacts().isEmpty();
        return !options.confirmDeletes() && (most || all);
    }

    private static Shipment shipment(SyncState state, Difference difference) {
        boolean first = state.known().contacts().isEmpty();
        return new Shipment(
                first ? TaskKind.INITIAL : TaskKind.CHANGES,
                difference.changes(),
                difference.outcome(),
                difference.before(),
                state.checkCode(),
                difference.after().checkCode(state.codes()));
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
            if (mustStop(difference, options)) {
                return new Conflicting(conflicts.all(difference));
            }
            if (options.dryRun()) {
                return new Planned(summary(difference, contents.get().checkCode(), Way.NOTHING));
            }
            if (needsConfirmation(phone, server, difference, options)) {
                return new NeedsConfirmation(
                        difference.counts().deleted(), server.contacts().size());
            }
            if (options.onConflict() == OnConflict.FILE && !conflicts.keep(difference, state.codes(), contents.get())) {
                continue;
            }
            Shipment shipment = wholeBook(contents.get(), difference, state.codes());
            Outcome outcome = delivery.inChunks(state, shipment, options.confirmDeletes());
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
            throw new ServerRefusal(new ServerProblem(
                    0,
                    "listing-incomplete",
                    "The server's list of contacts does not match the server's check code; nothing was uploaded.",
                    "Push again. If this happens again, something between this machine and the server truncates its answers.",
                    JsonValue.EMPTY_JSON_OBJECT));
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

    private static Shipment wholeBook(Contents contents, Difference difference, CheckCodes codes) {
        TreeMap<Uid, CanonicalCard> book = new TreeMap<>(KnownBook.ORDER);
        book.putAll(contents.contacts());
        for (Change change : difference.changes()) {
            if (change instanceof Put put) {
                book.put(put.uid(), put.card());
            } else {
                book.remove(change.uid());
            }
        }
        KnownBook after = difference.after();
        List<Change> puts = new ArrayList<>();
        Map<Uid, Optional<ContentHash>> outcome = new LinkedHashMap<>(difference.outcome());
        book.forEach((uid, card) -> {
            puts.add(new Put(uid, card, Optional.empty()));
            outcome.put(uid, Optional.of(codes.contentHash(card)));
        });
        TaskKind kind = contents.contacts().isEmpty() ? TaskKind.INITIAL : TaskKind.REPLACE;
        return new Shipment(kind, puts, outcome, KnownBook.EMPTY, contents.checkCode(), after.checkCode(codes));
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
