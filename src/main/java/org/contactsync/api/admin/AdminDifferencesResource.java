package org.contactsync.api.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.contactsync.access.AdminOnly;
import org.contactsync.access.CurrentCaller;
import org.contactsync.door.QueryValues;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.door.Responses;
import org.contactsync.protocol.json.AdminJson;
import org.contactsync.sync.scrub.Finding;
import org.contactsync.sync.scrub.Findings;
import org.contactsync.sync.scrub.Findings.Found;
import org.contactsync.sync.scrub.Part;
import org.jspecify.annotations.Nullable;

/** {@code /admin/v1/differences}: books that do not agree with their contacts, for operators. No contact data is shown. */
@Path("/admin/v1/differences")
@AdminOnly
@Dependent
public class AdminDifferencesResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MOST_PAGE = 1_000;

    private final Findings findings;
    private final ReadingPlaces places;
    private final CurrentCaller caller;

    @Inject
    public AdminDifferencesResource(Findings findings, ReadingPlaces places, CurrentCaller caller) {
        this.findings = findings;
        this.places = places;
        this.caller = caller;
    }

    /** A page of findings, in the order in which the books were created. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response list(@QueryParam("after") @Nullable String after, @QueryParam("limit") @Nullable String limit) {
        int most = QueryValues.limit(limit, DEFAULT_PAGE, MOST_PAGE);
        long from = AdminTasksResource.place(after);
        List<Found> page = places.run(caller.get().owner(), () -> findings.page(from, most));
        Optional<String> next = page.size() == most
                ? Optional.of(String.valueOf(page.get(most - 1).finding().book()))
                : Optional.empty();
        return Responses.json(AdminJson.ofDifferences(
                        page.stream().map(AdminDifferencesResource::shown).toList(), next))
                .build();
    }

    private static AdminJson.Difference shown(Found found) {
        Finding finding = found.finding();
        Map<String, List<String>> items = new LinkedHashMap<>();
        finding.listed().forEach(contact -> items.put(contact.uid(), words(contact.parts())));
        return new AdminJson.Difference(
                finding.owner(),
                finding.seq(),
                words(finding.parts()),
                finding.contacts(),
                items,
                found.foundAt(),
                found.checkedAt());
    }

    private static List<String> words(Collection<Part> parts) {
        return parts.stream().sorted().map(Part::wireName).toList();
    }
}
