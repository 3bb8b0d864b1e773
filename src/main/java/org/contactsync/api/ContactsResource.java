package org.contactsync.api;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.contactsync.api.lookup.LookupDoor;
import org.contactsync.bounds.WorkBudget;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.CardProfile;
import org.contactsync.contact.Uid;
import org.contactsync.door.BodyBytes;
import org.contactsync.door.BodyReader;
import org.contactsync.door.BookDoor;
import org.contactsync.door.Conditions;
import org.contactsync.door.OutcomeResponses;
import org.contactsync.door.Preferences;
import org.contactsync.door.QueryValues;
import org.contactsync.door.RequestBody;
import org.contactsync.door.Responses;
import org.contactsync.door.Steps;
import org.contactsync.protocol.Limits;
import org.contactsync.protocol.Priority;
import org.contactsync.protocol.json.JsonWriter;
import org.contactsync.protocol.json.LeftOutJson;
import org.contactsync.protocol.json.PageJson;
import org.contactsync.protocol.json.RequestReader;
import org.contactsync.protocol.json.RequestReader.Taken;
import org.contactsync.protocol.problem.ContactFlaw;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.request.IncrementalSync;
import org.contactsync.queue.SyncGateway;
import org.contactsync.sync.book.StoredContact;
import org.contactsync.sync.reading.BookReadings.ContactPage;
import org.contactsync.sync.reading.BookReadings.Reading;
import org.contactsync.sync.step.RequestDigest;
import org.contactsync.sync.step.Step;
import org.jspecify.annotations.Nullable;

/** {@code /v1/book/contacts}: reading, and the incremental sync in one request. */
@Path("/v1/book/contacts")
@Dependent
public class ContactsResource {
    private static final int DEFAULT_PAGE = 200;
    private static final int MOST_PAGE = 1_000;

    private final BookDoor door;
    private final Steps steps;
    private final SyncGateway gateway;
    private final BodyReader bodies;
    private final WorkBudget budget;
    private final OutcomeResponses responses;
    private final LookupDoor lookups;
    private final Limits limits;

    @Inject
    public ContactsResource(
            BookDoor door,
            Steps steps,
            SyncGateway gateway,
            BodyReader bodies,
            WorkBudget budget,
            OutcomeResponses responses,
            LookupDoor lookups,
            Limits limits) {
        this.door = door;
        this.steps = steps;
        this.gateway = gateway;
        this.bodies = bodies;
        this.budget = budget;
        this.responses = responses;
        this.lookups = lookups;
        this.limits = limits;
    }

    /** The incremental sync (protocol §4.2). */
    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> patch(@Context HttpHeaders headers, InputStream in) {
        CheckCode first = Conditions.requireCheckCode(headers);
        Preferences preferences = Preferences.of(headers, limits);
        boolean lenient = Preferences.isLenient(headers);
        Priority priority = Optional.ofNullable(headers.getHeaderString("Priority"))
                .map(Priority::ofHeader)
                .orElse(Priority.BACKGROUND);
        WorkBudget.Share share = budget.share(door.owner());
        try {
            RequestBody body = bodies.read(door.owner(), in, headers, limits.chunkBytes(), share);
            Taken<IncrementalSync> taken = new RequestReader(limits).incrementalSync(body.decoded(), lenient);
            IncrementalSync sync = taken.request();
            RequestDigest digest = RequestDigest.of("PATCH contacts " + first, body.decoded());
            Step.ApplyChanges step = new Step.ApplyChanges(steps.onNewTask(headers), digest, first, sync, priority);
            // The changes themselves must not be kept until the answer: they have no share of the budget once the task
            // has its row.
            List<ContactFlaw> leftOut = taken.leftOut();
            boolean confirmed = taken.lenient();
            return responses
                    .of(
                            gateway.apply(step, preferences.forSync(limits), share),
                            answer -> LeftOutJson.with(answer, leftOut))
                    .thenApply(response -> preferences.confirm(response, confirmed));
        } catch (Throwable e) {
            // Errors too: a share that is not released is lost until the next start.
            share.release();
            throw e;
        }
    }

    /** A page of contacts in the order of their uids; with {@code phone} or {@code q} a look-up. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response read(
            @Context HttpHeaders headers,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("phone") List<String> phones,
            @QueryParam("region") @Nullable String region,
            @QueryParam("q") @Nullable String query) {
        if (!phones.isEmpty()) {
            LookupDoor.refuseCombined("phone", limit, after, query);
            return lookups.phones(headers, phones, region);
        }
        if (region != null) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "region needs phone");
        }
        if (query != null) {
            LookupDoor.refuseCombined("q", after);
            return lookups.names(headers, query, limit);
        }
        return page(headers, limit, after);
    }

    private Response page(HttpHeaders headers, @Nullable String limit, @Nullable String after) {
        int most = QueryValues.limit(limit, DEFAULT_PAGE, MOST_PAGE);
        Optional<Uid> from = QueryValues.uid("after", after);
        Optional<Response> unchanged = door.answerIfUnchanged(headers);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Reading<ContactPage> page = door.readOrCreate(reader -> reader.contacts(door.owner(), from, most));
        BookDoor.refuseAnotherBook(headers, page);
        List<StoredContact> contacts = page.value().contacts();
        return BodyBytes.json(headers, BodyBytes.of(contacts), json -> {
                    PageJson.beginContacts(json);
                    contacts.forEach(contact -> write(json, contact));
                    PageJson.endContacts(json, page.checkCode(), next(page.value(), most));
                })
                .tag(Responses.tag(page.checkCode()))
                .build();
    }

    /** One contact; its content hash is its own {@code ETag}. */
    @GET
    @Path("{uid: .+}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response one(@Context HttpHeaders headers, @PathParam("uid") String uid) {
        if (CardProfile.uidFlaw(uid).isPresent()) {
            throw noSuchContact();
        }
        Reading<Optional<StoredContact>> reading =
                door.readOrCreate(reader -> reader.contact(door.owner(), new Uid(uid)));
        StoredContact contact = reading.value().orElseThrow(ContactsResource::noSuchContact);
        EntityTag tag = new EntityTag(contact.now().orElseThrow().hash().hex());
        if (Conditions.isKnown(headers, tag.getValue())) {
            return Response.notModified(tag).build();
        }
        JsonWriter json = new JsonWriter();
        write(json, contact);
        return Responses.json(json.text()).tag(tag).build();
    }

    private static void write(JsonWriter json, StoredContact contact) {
        PageJson.contact(json, contact.uid(), contact.now().orElseThrow());
    }

    private static Optional<String> next(ContactPage page, int most) {
        return page.more()
                ? Optional.of(BookUris.contacts(
                        page.contacts().get(page.contacts().size() - 1).uid(), most))
                : Optional.empty();
    }

    private static ProblemException noSuchContact() {
        return ProblemException.of(ProblemType.NOT_FOUND, "no such contact");
    }
}
