package org.contactsync.api;

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
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.contactsync.access.AdminOnly;
import org.contactsync.access.CurrentCaller;
import org.contactsync.log.AuditFile;
import org.contactsync.protocol.ProblemException;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.queue.Repair;
import org.contactsync.sync.GivenUpTasks;
import org.contactsync.sync.GivenUpTasks.Owned;
import org.contactsync.sync.SyncTask;
import org.contactsync.sync.Tasks.GivenUp;
import org.jspecify.annotations.Nullable;

/** {@code /admin/v1/failed-tasks}: what was given up, for operators. Nothing of contacts is shown. */
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

    /** A page, those that were given up first at first. */
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
        List<GivenUp> page = inPlace(() -> tasks.page(Optional.ofNullable(owner), until, from, most));
        JsonWriter json = new JsonWriter().object().name("tasks").array();
        for (GivenUp each : page) {
            json.object();
            members(json, each.owner(), each.task());
            json.member("givenUpAt", each.at().toString()).end();
        }
        json.endArray();
        if (page.size() == most) {
            json.member("next", String.valueOf(page.get(most - 1).place()));
        }
        return Responses.json(json.end().text()).build();
    }

    /** One task, given up or not. */
    @GET
    @Path("{id}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response one(@PathParam("id") String id) {
        return view(inPlace(() -> tasks.find(Steps.taskId(id))));
    }

    /** Makes it wait again, behind what waits of its user. */
    @POST
    @Path("{id}/retry")
    @Produces(MediaType.APPLICATION_JSON)
    public Response retry(@PathParam("id") String id) {
        Owned owned = inPlace(() -> repair.retry(Steps.taskId(id)));
        audit("retry", owned);
        return view(owned);
    }

    /** Ends it for good. */
    @DELETE
    @Path("{id}")
    public Response drop(@PathParam("id") String id) {
        audit("drop", inPlace(() -> repair.drop(Steps.taskId(id))));
        return Response.noContent().build();
    }

    private <T> T inPlace(Supplier<T> work) {
        return places.in(caller.get().owner(), work);
    }

    private static Response view(Owned owned) {
        JsonWriter json = new JsonWriter().object();
        members(json, owned.owner().key(), owned.task());
        return Responses.json(json.end().text()).build();
    }

    private static void members(JsonWriter json, String owner, SyncTask task) {
        json.member("id", task.id().toString())
                .member("owner", owner)
                .member("state", task.state().wireName())
                .member("attempts", task.attempts())
                .member(
                        "createdAt",
                        task.acceptedAt().truncatedTo(ChronoUnit.MILLIS).toString());
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

    private static long place(@Nullable String after) {
        if (after == null) {
            return 0;
        }
        if (!after.matches("[0-9]{1,18}")) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "after must be the next of the previous page");
        }
        return Long.parseLong(after);
    }
}
