package org.contactsync.api.history;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.bounds.WorkBudget.Share;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.door.BodyReader;
import org.contactsync.door.BookDoor;
import org.contactsync.door.Conditions;
import org.contactsync.door.OutcomeResponses;
import org.contactsync.door.Preferences;
import org.contactsync.door.Responses;
import org.contactsync.door.Steps;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.json.HistoryJson;
import org.contactsync.protocol.json.RequestReader;
import org.contactsync.protocol.outcome.Outcome;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.queue.SyncGateway;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/**
 * Restores a whole book: changes that fill one chunk go as one incremental task, more of them as an upload that this instance fills. One
 * instance per request.
 */
@Dependent
public class BookRestore {
    private static final int SMALL_BODY = 4 * 1024;

    private final BookDoor door;
    private final RestorePlanning planning;
    private final Restoring restoring;
    private final LongRestore longRestore;
    private final Steps steps;
    private final SyncGateway gateway;
    private final BodyReader bodies;
    private final WorkBudget budget;
    private final OutcomeResponses responses;
    private final Limits limits;

    @Inject
    public BookRestore(
            BookDoor door,
            RestorePlanning planning,
            Restoring restoring,
            LongRestore longRestore,
            Steps steps,
            SyncGateway gateway,
            BodyReader bodies,
            WorkBudget budget,
            OutcomeResponses responses,
            Limits limits) {
        this.door = door;
        this.planning = planning;
        this.restoring = restoring;
        this.longRestore = longRestore;
        this.steps = steps;
        this.gateway = gateway;
        this.bodies = bodies;
        this.budget = budget;
        this.responses = responses;
        this.limits = limits;
    }

    CompletionStage<Response> run(HttpHeaders headers, InputStream in) {
        Preferences preferences = Preferences.of(headers, limits);
        Optional<CheckCode> wanted = Conditions.ifMatch(headers);
        Share share = budget.share(door.owner());
        try {
            byte[] body =
                    bodies.read(door.owner(), in, headers, SMALL_BODY, share).decoded();
            RestoreTarget target = new RequestReader(limits).restoreTarget(body);
            if (target.dryRun()) {
                share.release();
                return CompletableFuture.completedFuture(preview(headers, target));
            }
            Step.Head head = steps.onNewTask(headers);
            RequestDigest digest = RequestDigest.ofRestore(
                    "POST book restore " + wanted.map(CheckCode::value).orElse(""), body);
            return responses
                    .of(restore(head, digest, wanted, target, preferences, share))
                    .thenApply(preferences::confirm);
        } catch (Throwable e) {
            // Errors too: a share that is not released is lost until the next start.
            share.release();
            throw e;
        }
    }

    private Response preview(HttpHeaders headers, RestoreTarget target) {
        Reading<RestorePlan> reading = plan(target);
        BookDoor.refuseAnotherBook(headers, reading);
        return Responses.json(HistoryJson.of(reading.value().preview()))
                .tag(Responses.tag(reading.checkCode()))
                .build();
    }

    private CompletionStage<Outcome> restore(
            Step.Head head,
            RequestDigest digest,
            Optional<CheckCode> wanted,
            RestoreTarget target,
            Preferences preferences,
            Share share) {
        Optional<TaskView> earlier = door.read(reader -> reader.task(door.owner(), head.task()));
        if (earlier.isPresent() && earlier.get().kind() != TaskKind.INCREMENTAL) {
            share.release();
            return longRestore.repeat(head, digest, earlier.get());
        }
        if (earlier.isPresent()) {
            // It gets its answer, whatever this one would do.
            return answer(head, digest, preferences, share);
        }
        Reading<RestorePlan> reading = plan(target);
        RestorePlan plan = reading.value();
        CheckCode first = wanted.orElse(reading.checkCode());
        if (plan.chunks() > 1 && first.equals(reading.checkCode())) {
            return longRestore.start(head, digest, reading, preferences.forSync(limits), share);
        }
        int bytes = plan.first().stream()
                .mapToInt(difference -> difference.bytes() + Limits.STAGED_ROW)
                .sum();
        share.growTo(bytes);
        List<Change> changes = plan.first().isEmpty() ? nothing() : changes(reading);
        IncrementalSync sync =
                new IncrementalSync(changes, Optional.of(plan.state().code()), OnMismatch.REFUSE, true);
        Step.ApplyChanges step = new Step.ApplyChanges(head, digest, first, sync, Priority.USER);
        return gateway.apply(step, preferences.forSync(limits), share);
    }

    private List<Change> changes(Reading<RestorePlan> reading) {
        RestorePlan plan = reading.value();
        try {
            return door.read(reader -> restoring.changes(reading.book(), plan.state(), plan.first()));
        } catch (ProblemException e) {
            throw new ProblemException(
                    PlannedFor.reason(e, reading.book(), () -> door.read(reader -> reader.book(door.owner()))));
        }
    }

    /** Of a task that is known; it is refused if its record has been removed meanwhile. */
    private CompletionStage<Outcome> answer(
            Step.Head head, RequestDigest digest, Preferences preferences, Share share) {
        CheckCode now = BookReadings.checkCode(door.readBook());
        Change impossible = new Change.Delete(nobody(), Optional.of(Change.Expected.IMPOSSIBLE));
        IncrementalSync sync = new IncrementalSync(List.of(impossible), Optional.empty(), OnMismatch.REFUSE, false);
        Step.ApplyChanges step = new Step.ApplyChanges(head, digest, now, sync, Priority.USER);
        return gateway.apply(step, preferences.forSync(limits), share);
    }

    /** A change without effect: nobody has such a contact. */
    private static List<Change> nothing() {
        return List.of(new Change.Delete(nobody(), Optional.of(Change.Expected.ABSENT)));
    }

    private static Uid nobody() {
        return new Uid("urn:uuid:" + UUID.randomUUID());
    }

    private Reading<RestorePlan> plan(RestoreTarget target) {
        return door.readOrCreate(reader -> planning.plan(door.owner(), target));
    }
}
