package org.contactsync.api.history;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
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
import org.contactsync.door.Steps;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Missed.Content;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.protocol.request.OnMismatch;
import org.contactsync.queue.SyncGateway;
import org.contactsync.sync.history.HistoryReadings;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/** Puts a deleted contact back, as a change that expects the contact to be absent. One instance per request. */
@Dependent
public class ContactRestore {
    private static final int SMALL_BODY = 4 * 1024;

    /** Of a step, besides its card. */
    private static final int AROUND = 1024;

    private final BookDoor door;
    private final HistoryReadings history;
    private final Steps steps;
    private final SyncGateway gateway;
    private final BodyReader bodies;
    private final WorkBudget budget;
    private final OutcomeResponses responses;
    private final Limits limits;

    @Inject
    public ContactRestore(
            BookDoor door,
            HistoryReadings history,
            Steps steps,
            SyncGateway gateway,
            BodyReader bodies,
            WorkBudget budget,
            OutcomeResponses responses,
            Limits limits) {
        this.door = door;
        this.history = history;
        this.steps = steps;
        this.gateway = gateway;
        this.bodies = bodies;
        this.budget = budget;
        this.responses = responses;
        this.limits = limits;
    }

    CompletionStage<Response> run(HttpHeaders headers, Uid uid, InputStream in) {
        Optional<CheckCode> wanted = Conditions.ifMatch(headers);
        Preferences preferences = Preferences.of(headers, limits);
        Share share = budget.share(door.owner());
        try {
            byte[] body =
                    bodies.read(door.owner(), in, headers, SMALL_BODY, share).decoded();
            if (body.length > 0) {
                throw ProblemException.malformed("", "the body is empty");
            }
            Step.Head head = steps.onNewTask(headers);
            Step.ApplyChanges step = step(head, uid, wanted, share);
            return responses
                    .of(gateway.apply(step, preferences.forSync(limits), share))
                    .thenApply(preferences::confirm);
        } catch (Throwable e) {
            // Errors too: a share that is not released is lost until the next start.
            share.release();
            throw e;
        }
    }

    private Step.ApplyChanges step(Step.Head head, Uid uid, Optional<CheckCode> wanted, Share share) {
        RequestDigest digest = RequestDigest.ofRestore(
                "POST trash restore " + wanted.map(CheckCode::value).orElse(""),
                uid.value().getBytes(StandardCharsets.UTF_8));
        boolean repeated =
                door.read(reader -> reader.task(door.owner(), head.task())).isPresent();
        Reading<Optional<Content>> last = door.readOrCreate(reader -> history.lastContent(door.owner(), uid));
        Change change = repeated ? impossible(uid) : put(uid, last.value().orElseThrow(ContactRestore::notKept), share);
        IncrementalSync sync = new IncrementalSync(
                List.of(change), Optional.empty(), wanted.isPresent() ? OnMismatch.REFUSE : OnMismatch.REBASE, true);
        return new Step.ApplyChanges(head, digest, wanted.orElse(last.checkCode()), sync, Priority.USER);
    }

    private static Change put(Uid uid, Content content, Share share) {
        share.growTo(content.card().length() + AROUND);
        return new Change.Put(uid, content.card(), Optional.of(Change.Expected.ABSENT));
    }

    /**
     * The task that is known already gets its answer, whatever this one would do. It is refused if its record has been removed meanwhile:
     * nobody is told that something was restored which was not.
     */
    private static Change impossible(Uid uid) {
        return new Change.Delete(uid, Optional.of(Change.Expected.IMPOSSIBLE));
    }

    private static ProblemException notKept() {
        return ProblemException.of(ProblemType.NOT_FOUND, "the last version of this contact is not kept");
    }
}
