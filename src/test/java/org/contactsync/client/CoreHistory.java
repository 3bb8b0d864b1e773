package org.contactsync.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.contactsync.api.history.HistoryUris;
import org.contactsync.api.history.LongRestoreOverSteps;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.PastChange;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskKind;
import org.contactsync.protocol.json.Answers;
import org.contactsync.protocol.json.HistoryJson;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.json.RequestReader;
import org.contactsync.protocol.outcome.Answer;
import org.contactsync.protocol.problem.Problem;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.protocol.request.RestoreTarget;
import org.contactsync.protocol.request.UploadCommit;
import org.contactsync.sync.TestService;
import org.contactsync.sync.history.BookHistory.Page;
import org.contactsync.sync.history.BookHistory.Place;
import org.contactsync.sync.history.HistoryReadings;
import org.contactsync.sync.history.RestorePlan;
import org.contactsync.sync.history.Restoring;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/** What a client reads of what the book was, and its way back, from the real readings and plans. */
final class CoreHistory {
    private static final int PAGE = 50;

    private final TestService service;
    private final Limits limits;
    private final Owner owner;
    private final HistoryReadings history;
    private final Restoring restoring;

    CoreHistory(TestService service, Limits limits, Owner owner) {
        this.service = service;
        this.limits = limits;
        this.owner = owner;
        var store = service.store();
        history = new HistoryReadings(store.books(), store.history());
        restoring = new Restoring(store.books(), store.history(), store.pages(), limits);
    }

    Answer changes(CoreRequest request) {
        int most = request.limit();
        long below = number(request, "before");
        Reading<List<PastChange>> read = history.changes(owner, below, most + 1).orElseThrow();
        boolean more = read.value().size() > most;
        List<PastChange> changes = more ? read.value().subList(0, most) : read.value();
        JsonWriter json = new JsonWriter();
        HistoryJson.changes(
                json,
                changes,
                read.checkCode(),
                read.book().seq(),
                more ? Optional.of(HistoryUris.changes(changes.get(most - 1).seq(), most)) : Optional.empty());
        return ok(read.checkCode(), json);
    }

    Answer versions(CoreRequest request) {
        Uid uid = new Uid(request.part(3));
        Reading<Page> page =
                history.versions(owner, uid, number(request, "before"), PAGE).orElseThrow();
        return versions(
                "versions", page, page.value().next().map(place -> HistoryUris.versions(uid, place.until(), PAGE)));
    }

    Answer trash(CoreRequest request) {
        int most = request.limit();
        Optional<Place> after = Optional.ofNullable(request.query().get("until"))
                .map(until -> new Place(
                        Long.parseLong(until),
                        Optional.ofNullable(request.query().get("below")).map(Uid::new)));
        Reading<Page> page = history.deleted(owner, after, most).orElseThrow();
        return versions("contacts", page, page.value().next().map(place -> HistoryUris.trash(place, most)));
    }

    /** As the server's door does it: a change that expects the contact to be absent. */
    Answer restoreContact(CoreRequest request, Step.Head head) {
        Uid uid = new Uid(request.part(3));
        Reading<Optional<Content>> last = history.lastContent(owner, uid).orElseThrow();
        Optional<Change.Expected> absent = Optional.of(Change.Expected.ABSENT);
        Change change = isKnown(head)
                ? new Change.Delete(uid, Optional.of(Change.Expected.IMPOSSIBLE))
                : last.value()
                        .<Change>map(content -> new Change.Put(uid, content.card(), absent))
                        .orElseThrow(CorePages::notFound);
        OnMismatch onMismatch = request.ifMatch().isPresent() ? OnMismatch.REFUSE : OnMismatch.REBASE;
        return apply(
                head,
                RequestDigest.ofRestore(
                        "trash restore " + first(request), uid.value().getBytes(StandardCharsets.UTF_8)),
                request.ifMatch().orElse(last.checkCode()),
                new IncrementalSync(List.of(change), Optional.empty(), onMismatch, false));
    }

    /** As the server's door does it: changes in one task if they fill one chunk, otherwise an upload. */
    Answer restoreBook(CoreRequest request, Step.Head head) {
        RestoreTarget target = new RequestReader(limits).restoreTarget(request.body());
        RequestDigest digest = RequestDigest.ofRestore("restore " + first(request), request.body());
        if (isKnown(head) && !target.dryRun()) {
            return again(head, digest);
        }
        Reading<RestorePlan> reading = restoring.plan(owner, target).orElseThrow();
        RestorePlan plan = reading.value();
        if (target.dryRun()) {
            return preview(request, reading);
        }
        CheckCode first = request.ifMatch().orElse(reading.checkCode());
        Optional<CheckCode> after = Optional.of(plan.state().code());
        if (plan.chunks() > 1 && first.equals(reading.checkCode())) {
            return Answers.of(new LongRestoreOverSteps(service, restoring).run(head, digest, reading));
        }
        List<Change> changes =
                plan.first().isEmpty() ? nothing() : restoring.changes(reading.book(), plan.state(), plan.first());
        return apply(head, digest, first, new IncrementalSync(changes, after, OnMismatch.REFUSE, true));
    }

    private Answer again(Step.Head head, RequestDigest digest) {
        var task = service.readings().task(owner, head.task()).orElseThrow();
        return task.kind() == TaskKind.INCREMENTAL
                ? apply(
                        head,
                        digest,
                        service.code(owner),
                        new IncrementalSync(nothing(), Optional.empty(), OnMismatch.REFUSE, false))
                : Answers.of(service.answer(new Step.CommitUpload(head, new UploadCommit(Optional.empty(), true))));
    }

    private static Answer preview(CoreRequest request, Reading<RestorePlan> reading) {
        if (!request.ifMatch().map(reading.checkCode()::equals).orElse(true)) {
            return Answers.refused(new Problem.CheckCodeMismatch(
                    reading.checkCode(),
                    reading.book().digest().count(),
                    reading.book().seq(),
                    Optional.empty()));
        }
        return new Answer(
                200,
                Optional.of(reading.checkCode()),
                Optional.empty(),
                Optional.empty(),
                HistoryJson.of(reading.value().preview()));
    }

    private Answer apply(Step.Head head, RequestDigest digest, CheckCode first, IncrementalSync sync) {
        return Answers.of(service.answer(new Step.ApplyChanges(head, digest, first, sync, Priority.USER)));
    }

    private boolean isKnown(Step.Head head) {
        return service.readings().task(owner, head.task()).isPresent();
    }

    private static List<Change> nothing() {
        return List.of(
                new Change.Delete(new Uid("urn:uuid:" + UUID.randomUUID()), Optional.of(Change.Expected.ABSENT)));
    }

    private static String first(CoreRequest request) {
        return request.ifMatch().map(CheckCode::value).orElse("");
    }

    private static long number(CoreRequest request, String name) {
        return Optional.ofNullable(request.query().get(name))
                .map(Long::parseLong)
                .orElse(Long.MAX_VALUE);
    }

    private static Answer versions(String name, Reading<Page> page, Optional<String> next) {
        JsonWriter json = new JsonWriter();
        HistoryJson.versions(json, name, page.value().versions(), page.checkCode(), next);
        return ok(page.checkCode(), json);
    }

    private static Answer ok(CheckCode code, JsonWriter json) {
        return new Answer(200, Optional.of(code), Optional.empty(), Optional.empty(), json.text());
    }
}
