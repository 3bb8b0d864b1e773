package org.contactsync.client.http;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.contactsync.client.http.Reply.Ok;
import org.contactsync.client.http.Reply.Refused;
import org.contactsync.client.http.port.Headers;
import org.contactsync.protocol.json.BoundedJson;

/**
 * An answer of the server, or of something between it and this client.
 *
 * @param body empty when it was larger than it may be
 * @param tokenEnd when the token that was sent says that it ends, if it says so
 */
public record Response(int status, Headers headers, Optional<byte[]> body, Optional<Instant> tokenEnd) {
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    public ServerProblem problem() {
        ServerProblem problem = ServerProblem.of(status, headers, body.orElseGet(() -> new byte[0]));
        return status == 401 && tokenEnd.isPresent() ? aboutToken(problem, tokenEnd.get()) : problem;
    }

    /** An expired token is told from a wrong one by the server's clock, and by this machine's when it does not tell. */
    private ServerProblem aboutToken(ServerProblem problem, Instant end) {
        if (end.isBefore(now())) {
            return problem.with("the token expired at " + end, "get a new token, then run the same command again");
        }
        return ServerProblem.saysWhy(headers)
                ? problem
                : problem.with(
                        "the token has not expired, but this server does not accept it",
                        "check that it is complete and meant for this server");
    }

    private Instant now() {
        try {
            return headers.firstValue("Date")
                    .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
                    .orElseGet(Instant::now);
        } catch (DateTimeException e) {
            return Instant.now();
        }
    }

    /** What the answer holds; a refusal, and an answer that is not of this service, are thrown. */
    public <T> T read(Function<JsonObject, T> reading) throws ServerRefusal {
        return parsed(bytes -> reading.apply(BoundedJson.object(bytes)));
    }

    /** As {@link #read}, from the bytes. */
    public <T> T parsed(Function<byte[], T> reading) throws ServerRefusal {
        if (!isSuccess()) {
            throw new ServerRefusal(problem());
        }
        if (body.isEmpty()) {
            throw unreadable("The answer is larger than any answer of a contact-sync server.");
        }
        try {
            return reading.apply(body.get());
        } catch (JsonException
                | IllegalArgumentException
                | IllegalStateException
                | NoSuchElementException
                | ArithmeticException
                | ClassCastException
                | NullPointerException e) {
            ServerRefusal refusal = unreadable("The answer does not come from a contact-sync server.");
            refusal.initCause(e);
            throw refusal;
        }
    }

    private ServerRefusal unreadable(String detail) {
        return new ServerRefusal(
                ServerProblem.found(status, "unreadable-answer", detail, "Check the server's address."));
    }

    /** As {@link #read}, with a refusal as a value. */
    public <T> Reply<T> reply(Function<JsonObject, T> reading) throws ServerRefusal {
        return isSuccess() ? new Ok<>(read(reading)) : new Refused<>(problem());
    }
}
