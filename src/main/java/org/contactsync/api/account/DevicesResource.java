package org.contactsync.api.account;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.contactsync.access.CurrentCaller;
import org.contactsync.account.Devices;
import org.contactsync.account.Sightings;
import org.contactsync.door.ReadingPlaces;
import org.contactsync.door.Responses;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.protocol.json.AccountJson;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.queue.work.AccountTransaction;

/** {@code /v1/devices}: which devices a user has, and how far each of them is. */
@Path("/v1/devices")
@Dependent
public class DevicesResource {
    private final CurrentCaller caller;
    private final ReadingPlaces places;
    private final Devices devices;
    private final Sightings sightings;
    private final AccountTransaction transaction;

    @Inject
    public DevicesResource(
            CurrentCaller caller,
            ReadingPlaces places,
            Devices devices,
            Sightings sightings,
            AccountTransaction transaction) {
        this.caller = caller;
        this.places = places;
        this.devices = devices;
        this.sightings = sightings;
        this.transaction = transaction;
    }

    /** The devices, the latest first; they are few. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response list() {
        Owner owner = caller.get().owner();
        return Responses.json(AccountJson.devices(places.run(owner, () -> devices.list(owner))))
                .build();
    }

    /** Forgets a device until its next request. */
    @DELETE
    @Path("{id: .+}")
    public Response forget(@PathParam("id") String id) {
        Owner owner = caller.get().owner();
        DeviceId device = device(id);
        boolean was = places.run(owner, () -> transaction.forget(owner, device));
        sightings.forget(owner, device);
        if (!was) {
            throw unknown();
        }
        return Response.noContent().build();
    }

    private static DeviceId device(String id) {
        try {
            return new DeviceId(id);
        } catch (IllegalArgumentException e) {
            throw unknown();
        }
    }

    private static ProblemException unknown() {
        return ProblemException.of(ProblemType.NOT_FOUND, "no such device");
    }
}
