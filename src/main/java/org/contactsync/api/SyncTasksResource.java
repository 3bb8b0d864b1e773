package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.door.BodyReader;
import org.contactsync.door.BookDoor;
import org.contactsync.door.OutcomeResponses;
import org.contactsync.door.Preferences;
import org.contactsync.door.RequestBody;
import org.contactsync.door.Responses;
import org.contactsync.door.Steps;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.json.AnswerJson;
import org.contactsync.protocol.json.LeftOutJson;
import org.contactsync.protocol.json.RequestReader;
import org.contactsync.protocol.json.RequestReader.Taken;
import org.contactsync.protocol.outcome.TaskView;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.Change;
import org.contactsync.protocol.request.UploadPlan;
import org.contactsync.queue.SyncGateway;
import org.contactsync.queue.SyncMetrics;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;

/** {@code /v1/sync-tasks}: uploads in chunks, and the owner's view of the queue. */
@Path("/v1/sync-tasks")
@Dependent
public class SyncTasksResource {
    /** Limit for bodies that only open or commit an upload. */
    private static final int SMALL_BODY = 4 * 1024;

    private final BookDoor door;
    private final Steps steps;
    private final SyncGateway gateway;
    private final TaskWatch watch;
    private final SyncMetrics metrics;
    private final BodyReader bodies;
    private final WorkBudget budget;
    private final OutcomeResponses responses;
    private final Limits limits;

    @Inject
    public SyncTasksResource(
            BookDoor door,
            Steps steps,
            SyncGateway gateway,
            TaskWatch watch,
            SyncMetrics metrics,
            BodyReader bodies,
            WorkBudget budget,
            OutcomeResponses responses,
            Limits limits) {
        this.door = door;
        this.steps = steps;
        this.gateway = gateway;
        this.watch = watch;
        this.metrics = metrics;
        this.bodies = bodies;
        this.budget = budget;
        this.responses = responses;
        this.limits = limits;
    }

    /** Opens an upload. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> open(@Context HttpHeaders headers, InputStream in) {
        byte[] body = smallBody(headers, in);
        UploadPlan plan = new RequestReader(limits).uploadPlan(body);
        RequestDigest digest = RequestDigest.of("POST sync-tasks", body);
        return run(new Step.OpenUpload(steps.onNewTask(headers), digest, plan));
    }

    /** Takes one chunk; answers when it is durable. */
    @PUT
    @Path("{id}/chunks/{n}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> chunk(
            @Context HttpHeaders headers, @PathParam("id") String id, @PathParam("n") String n, InputStream in) {
        TaskId task = Steps.taskId(id);
        int number = number(n);
        boolean lenient = Preferences.isLenient(headers);
        WorkBudget.Share share = budget.share(door.owner());
        try {
            RequestBody body = bodies.read(door.owner(), in, headers, limits.chunkBytes(), share);
            body.requireDigest(headers);
            TaskView view = view(task);
            if (view.upload().isEmpty()) {
                throw noSuchTask();
            }
            metrics.countChunkBytes(body.sent().length);
            Taken<List<Change>> taken = new RequestReader(limits).chunk(body.decoded(), view.kind(), lenient);
            Step.PutChunk step = new Step.PutChunk(
                    steps.on(task),
                    number,
                    RequestDigest.of("PUT chunk", body.decoded()),
                    taken.request(),
                    view.kind().replacesBook() && !taken.leftOut().isEmpty());
            return responses
                    .of(gateway.run(step, share), answer -> LeftOutJson.with(answer, taken.leftOut()))
                    .thenApply(response -> Preferences.NONE.confirm(response, taken.lenient()));
        } catch (Throwable e) {
            // Errors too: a share that is not released is lost until the next start.
            share.release();
            throw e;
        }
    }

    /** Commits the upload after its last chunk: verifies it and switches the book. */
    @POST
    @Path("{id}/commit")
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> commit(@Context HttpHeaders headers, @PathParam("id") String id, InputStream in) {
        TaskId task = Steps.taskId(id);
        byte[] body = smallBody(headers, in);
        return run(new Step.CommitUpload(steps.on(task), new RequestReader(limits).commit(body)));
    }

    /** The unfinished tasks, in order. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response list() {
        return Responses.json(AnswerJson.ofTasks(door.read(reader -> reader.tasks(door.owner()))))
                .build();
    }

    /** One task; with {@code Prefer: wait} answered when it has finished or the wait has expired. */
    @GET
    @Path("{id}")
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> get(@Context HttpHeaders headers, @PathParam("id") String id) {
        TaskId task = Steps.taskId(id);
        Preferences preferences = Preferences.of(headers, limits);
        return watch.waitUntilFinished(door.owner(), view(task), preferences.longest())
                .thenApply(view -> {
                    Response.ResponseBuilder response = Responses.json(AnswerJson.of(view));
                    preferences.applied().ifPresent(applied -> response.header("Preference-Applied", applied));
                    return response.build();
                });
    }

    /** Cancels a task. */
    @DELETE
    @Path("{id}")
    public CompletionStage<Response> cancel(@PathParam("id") String id) {
        return run(new Step.CancelTask(steps.on(Steps.taskId(id))));
    }

    private byte[] smallBody(HttpHeaders headers, InputStream in) {
        WorkBudget.Share share = budget.share(door.owner());
        try {
            return bodies.read(door.owner(), in, headers, SMALL_BODY, share).decoded();
        } finally {
            share.release();
        }
    }

    private CompletionStage<Response> run(Step step) {
        return responses.of(gateway.run(step));
    }

    private TaskView view(TaskId task) {
        return door.read(reader -> reader.task(door.owner(), task)).orElseThrow(SyncTasksResource::noSuchTask);
    }

    private static int number(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "chunks are numbered from 1");
        }
        return Integer.parseInt(text);
    }

    private static ProblemException noSuchTask() {
        return ProblemException.of(ProblemType.NOT_FOUND, "no such task");
    }
}
