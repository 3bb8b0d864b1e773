package org.contactsync.api.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.contactsync.access.AdminOnly;
import org.contactsync.access.CurrentCaller;
import org.contactsync.api.account.AccountErasure;
import org.contactsync.log.AuditFile;
import org.contactsync.protocol.Owner;
import org.contactsync.settings.Settings;
import org.jspecify.annotations.Nullable;

/** {@code DELETE /admin/v1/account}: erases the account of a user, as the user can. */
@Path("/admin/v1/account")
@AdminOnly
@Dependent
public class AdminAccountResource {
    private static final Logger AUDIT = System.getLogger(AuditFile.LOGGER);

    private final AccountErasure erasure;
    private final CurrentCaller caller;
    private final String issuer;

    @Inject
    public AdminAccountResource(AccountErasure erasure, CurrentCaller caller, Settings settings) {
        this.erasure = erasure;
        this.caller = caller;
        issuer = settings.issuer().name();
    }

    /** The audit says who did it and what came of it, and not whose account it was. */
    @DELETE
    public Response erase(@QueryParam("user") @Nullable String user) {
        Owner owner = Users.owner(issuer, user);
        Owner by = caller.get().owner();
        // Before it begins: it may go on although its request was not answered in time.
        AUDIT.log(Level.INFO, "admin action=erase by={0}", by.key());
        String result = "unknown";
        try {
            Response response = erasure.of(owner, by);
            result = response.getStatus() == Response.Status.ACCEPTED.getStatusCode() ? "begun" : "done";
            return response;
        } finally {
            AUDIT.log(Level.INFO, "admin action=erase result={0} by={1}", result, by.key());
        }
    }
}
