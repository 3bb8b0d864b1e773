package org.contactsync.client.remote;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.Response;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.json.AccountJson;

/** The user's devices, everything of the account, and its end (protocol 4.22, 4.23 and 4.26). For one thread at a time. */
public final class AccountClient {
    private static final String DEVICES = "/v1/devices";
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;

    private final Exchange exchange;

    AccountClient(Exchange exchange) {
        this.exchange = exchange;
    }

    /** The one that was seen last first. */
    public List<Installation> devices() throws ServerUnreachable, ServerRefusal {
        return exchange.send(exchange.to(DEVICES).get().build()).read(AccountJson::devices);
    }

    /** Whether the server knew it. */
    public boolean forget(DeviceId device) throws ServerUnreachable, ServerRefusal {
        String id = URLEncoder.encode(device.value(), StandardCharsets.UTF_8).replace("+", "%20");
        Response response =
                exchange.send(exchange.to(DEVICES + "/" + id).delete().build());
        if (response.status() == NOT_FOUND) {
            return false;
        }
        require(response);
        return true;
    }

    /**
     * Everything that the server has of the user, as a ZIP. Whoever wants it checks that it is whole.
     *
     * @throws IOException when the sink fails
     */
    public void export(Exchange.Sink sink) throws IOException, ServerUnreachable, ServerRefusal {
        Response response = exchange.download(
                exchange.to("/v1/account/export")
                        .setHeader("Accept", "application/zip, application/problem+json;q=0.1")
                        .get()
                        .build(),
                sink);
        response.parsed(bytes -> bytes);
    }

    /**
     * Erases everything that the server has of the user.
     *
     * @return whether nothing is left; otherwise the server is still removing what nobody finds any more
     */
    public boolean erase() throws ServerUnreachable, ServerRefusal {
        Response response = exchange.send(exchange.to("/v1/account").delete().build());
        require(response);
        return response.status() != ACCEPTED;
    }

    private static void require(Response response) throws ServerRefusal {
        if (!response.isSuccess()) {
            throw new ServerRefusal(response.problem());
        }
    }
}
