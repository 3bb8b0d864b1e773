package org.contactsync.api.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.contactsync.access.AdminOnly;
import org.contactsync.access.CurrentCaller;
import org.contactsync.api.lookup.LookupDoor;
import org.contactsync.log.AuditFile;
import org.contactsync.protocol.Owner;
import org.contactsync.settings.Settings;
import org.jspecify.annotations.Nullable;

/** {@code /admin/v1/lookup}: whose number that is, for a switch that asks on behalf of any user. */
@Path("/admin/v1/lookup")
@AdminOnly
@Dependent
public class AdminLookupResource {
    private static final Logger AUDIT = System.getLogger(AuditFile.LOOKUPS);

    private final LookupDoor lookups;
    private final CurrentCaller caller;
    private final String issuer;

    @Inject
    public AdminLookupResource(LookupDoor lookups, CurrentCaller caller, Settings settings) {
        this.lookups = lookups;
        this.caller = caller;
        issuer = settings.issuer().name();
    }

    /** The contacts of numbers in the book of a user. The audit says whose, and neither numbers nor what was found. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(
            @Context HttpHeaders headers,
            @QueryParam("user") @Nullable String user,
            @QueryParam("phone") List<String> phones,
            @QueryParam("region") @Nullable String region) {
        Owner owner = Users.owner(issuer, user);
        Response response = lookups.phonesOf(owner, headers, phones, region);
        AUDIT.log(
                Level.INFO,
                "admin action=lookup by={0} owner={1} numbers={2}",
                caller.get().owner().key(),
                owner.key(),
                phones.size());
        return response;
    }
}
