package org.contactsync.client.remote;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.contactsync.client.http.Exchange;
import org.contactsync.client.http.ServerRefusal;
import org.contactsync.client.http.ServerUnreachable;
import org.contactsync.protocol.json.LookupJson;
import org.contactsync.protocol.lookup.NameAnswer;
import org.contactsync.protocol.lookup.PhoneAnswer;

/** Looks contacts of the server's book up (protocol 4.20 and 4.21). For one thread at a time. */
public final class LookupClient {
    private static final String CONTACTS = "/v1/book/contacts?";

    private final Exchange exchange;

    LookupClient(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Whose numbers these are, in their order.
     *
     * @param numbers at most 50, in any form
     * @param region that national numbers belong to; empty: what the token or the server says
     */
    public List<PhoneAnswer> phones(List<String> numbers, Optional<String> region)
            throws ServerUnreachable, ServerRefusal {
        String query =
                numbers.stream().map(number -> "phone=" + encoded(number)).collect(Collectors.joining("&"))
                        + region.map(code -> "&region=" + encoded(code)).orElse("");
        return exchange.send(exchange.toList(CONTACTS + query).get().build()).read(LookupJson::phones);
    }

    /** Contacts that have words beginning like those of {@code text}; at most {@code limit}. */
    public NameAnswer names(String text, int limit) throws ServerUnreachable, ServerRefusal {
        String query = "q=" + encoded(text) + "&limit=" + limit;
        return exchange.send(exchange.toList(CONTACTS + query).get().build()).read(LookupJson::names);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
