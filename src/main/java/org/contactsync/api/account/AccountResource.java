package org.contactsync.api.account;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.contactsync.access.CurrentCaller;
import org.contactsync.protocol.Owner;

/** {@code DELETE /v1/account}: erases everything of the caller. */
@Path("/v1/account")
@Dependent
public class AccountResource {
    private static final Logger LOG = System.getLogger(AccountResource.class.getName());

    private final CurrentCaller caller;
    private final AccountErasure erasure;

    @Inject
    public AccountResource(CurrentCaller caller, AccountErasure erasure) {
        this.caller = caller;
        this.erasure = erasure;
    }

    @DELETE
    public Response erase() {
        Owner owner = caller.get().owner();
        // It may go on although its request was not answered in time.
        LOG.log(Level.INFO, "a user erases the account");
        Response response = erasure.of(owner, owner);
        LOG.log(Level.INFO, "a user has erased the account");
        return response;
    }
}
