package org.contactsync.api.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.access.AdminOnly;
import org.contactsync.access.CurrentCaller;
import org.contactsync.door.QueryValues;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.door.Responses;
import org.contactsync.door.Steps;
import org.contactsync.log.AuditFile;
import org.contactsync.protocol.json.AdminJson;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.queue.upkeep.Repair;
import org.contactsync.sync.task.GivenUpTasks;
import org.contactsync.sync.task.GivenUpTasks.Owned;
import org.contactsync.sync.task.SyncTask;
import org.contactsync.sync.task.Tasks.GivenUp;
import org.jspecify.annotations.Nullable;

/** {@code /admin/v1/failed-tasks}: given-up tasks, for operators. No contact data is shown. */
@Path("/admin/v1/failed-tasks")
@AdminOnly
@Dependent
public class AdminTasksResource {
    private static final Logger AUDIT = System.getLogger(AuditFile.LOGGER);
    private static final int DEFAULT_PAGE = 100;
    private static final int MOST_PAGE = 1_000;

    private final GivenUpTasks tasks;
    private final Repair repair;
    private final ReadingPlaces places;
    private final CurrentCaller caller;

    @Inject
    public AdminTasksResource(GivenUpTasks tasks, Repair repair, ReadingPlaces places, CurrentCaller caller) {
        this.tasks = tasks;
        this.repair = repair;
        this.places = places;
        this.caller = caller;
    }

    /** A page of tasks, in the order in which they were given up. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response list(
            @QueryParam("owner") @Nullable String owner,
            @QueryParam("notAfter") @Nullable String notAfter,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        int most = QueryValues.limit(limit, DEFAULT_PAGE, MOST_PAGE);
        Optional<Instant> until = Optional.ofNullable(notAfter).map(AdminTasksResource::time);
        long from = place(after);
        List<GivenUp> page = runInPlace(() -> tasks.page(Optional.ofNullable(owner), until, from, most));
        List<AdminJson.Task> shown = page.stream()
                .map(each -> shown(each.owner(), each.task(), Optional.of(each.at())))
                .toList();
        Optional<String> next = page.size() == most
                ? Optional.of(String.valueOf(page.get(most - 1).place()))
                : Optional.empty();
        return Responses.json(AdminJson.of(shown, next)).build();
    }

    /** One task, given up or not. */
    @GET
    @Path("{id}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response one(@PathParam("id") String id) {
        return view(runInPlace(() -> tasks.find(Steps.taskId(id))));
    }

    /** Makes the task wait again, behind the waiting tasks of its user. */
    @POST
    @Path("{id}/retry")
    @Produces(MediaType.APPLICATION_JSON)
    public Response retry(@PathParam("id") String id) {
        Owned owned = runInPlace(() -> repair.retry(Steps.taskId(id)));
        audit("retry", owned);
        return view(owned);
    }

    /** Ends the task for good. */
    @DELETE
    @Path("{id}")
    public Response drop(@PathParam("id") String id) {
        audit("drop", runInPlace(() -> repair.drop(Steps.taskId(id))));
        return Response.noContent().build();
    }

    private <T> T runInPlace(Supplier<T> work) {
        return places.run(caller.get().owner(), work);
    }

    private static Response view(Owned owned) {
        return Responses.json(AdminJson.of(shown(owned.owner().key(), owned.task(), Optional.empty())))
                .build();
    }

    private static AdminJson.Task shown(String owner, SyncTask task, Optional<Instant> givenUpAt) {
        return new AdminJson.Task(task.id(), owner, task.state(), task.attempts(), task.acceptedAt(), givenUpAt);
    }

    private void audit(String action, Owned owned) {
        AUDIT.log(
                Level.INFO,
                "admin action={0} by={1} task={2} owner={3} state={4}",
                action,
                caller.get().owner().key(),
                owned.task().id(),
                owned.owner().key(),
                owned.task().state().wireName());
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw ProblemException.of(
                    ProblemType.MALFORMED_REQUEST, "notAfter must be a time such as 2026-11-22T10:00:00Z");
        }
    }

    static long place(@Nullable String after) {
        if (after == null) {
            return 0;
        }
        if (!after.matches("[0-9]{1,18}")) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "after must be the next of the previous page");
        }
        return Long.parseLong(after);
    }
}
