package org.contactsync.rehearsal;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.door.BodyReader;
import org.contactsync.door.Conditions;
import org.contactsync.door.OutcomeResponses;
import org.contactsync.door.RequestBody;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.json.RequestReader;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.queue.message.ReplyRoute;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/** {@code /v1/rehearsal}: an incremental sync that changes nothing; not found for everybody but this process. */
@Path("/" + Rehearsal.PATH)
@Dependent
public class RehearsalResource {
    private final Rehearsal rehearsal;
    private final RehearsedChanges changes;
    private final ReplyRoute replies;
    private final BodyReader bodies;
    private final WorkBudget budget;
    private final OutcomeResponses responses;
    private final Limits limits;
    private final Clock clock;

    @Inject
    public RehearsalResource(
            Rehearsal rehearsal,
            RehearsedChanges changes,
            ReplyRoute replies,
            BodyReader bodies,
            WorkBudget budget,
            OutcomeResponses responses,
            Limits limits,
            Clock clock) {
        this.rehearsal = rehearsal;
        this.changes = changes;
        this.replies = replies;
        this.bodies = bodies;
        this.budget = budget;
        this.responses = responses;
        this.limits = limits;
        this.clock = clock;
    }

    /** As {@code PATCH /v1/book/contacts} of a user without contacts. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> rehearse(@Context HttpHeaders headers, InputStream in) {
        if (!rehearsal.admits(headers.getHeaderString(Rehearsal.SECRET))) {
            throw ProblemException.of(ProblemType.NOT_FOUND, "no such resource");
        }
        CheckCode first = Conditions.requireCheckCode(headers);
        Owner owner = rehearsal.newOwner();
        WorkBudget.Share share = budget.share(owner);
        try {
            RequestBody body = bodies.read(owner, in, headers, limits.chunkBytes(), share);
            IncrementalSync sync = new RequestReader(limits)
                    .incrementalSync(body.decoded(), false)
                    .request();
            RequestDigest digest = RequestDigest.of("PATCH contacts " + first, body.decoded());
            Step.Head head = new Step.Head(
                    owner, TaskId.random(), Optional.empty(), clock.instant(), replies.to(UUID.randomUUID()));
            Step.ApplyChanges step = new Step.ApplyChanges(head, digest, first, sync, Priority.BACKGROUND);
            return responses.of(changes.apply(step).whenComplete((outcome, failure) -> share.release()));
        } catch (Throwable e) {
            // Errors too: a share that is not released is lost until the next start.
            share.release();
            throw e;
        }
    }
}
