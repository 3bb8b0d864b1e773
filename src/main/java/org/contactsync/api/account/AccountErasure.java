package org.contactsync.api.account;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.protocol.Owner;
import org.contactsync.queue.upkeep.Erasure;

/** Erases an account for a request, of its user or of an operator. One instance per request. */
@Dependent
public class AccountErasure {
    /** The rest is removed in the background: much shorter than the request has. */
    private static final Duration MOST = Duration.ofSeconds(5);

    private final ReadingPlaces places;
    private final Erasure erasure;

    @Inject
    public AccountErasure(ReadingPlaces places, Erasure erasure) {
        this.places = places;
        this.erasure = erasure;
    }

    /**
     * 204 if no row is left, otherwise 202.
     *
     * @param by who asks for it
     */
    public Response of(Owner owner, Owner by) {
        boolean whole = places.run(by, () -> erasure.run(owner, MOST));
        return Response.status(whole ? Response.Status.NO_CONTENT : Response.Status.ACCEPTED)
                .build();
    }
}
