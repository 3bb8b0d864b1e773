package org.contactsync.client;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.net.http.HttpHeaders;
import java.util.function.Function;
import org.contactsync.client.Reply.Ok;
import org.contactsync.client.Reply.Refused;

/** An answer of the server, or of something between it and this client. */
record Response(int status, HttpHeaders headers, byte[] body) {
    boolean isSuccess() {
        return status / 100 == 2;
    }

    ServerProblem problem() {
        return ServerProblem.of(status, body);
    }

    /** What the answer holds; a refusal, and an answer that is not of this service, are thrown. */
    <T> T read(Function<JsonObject, T> reading) throws ServerRefusal {
        if (!isSuccess()) {
            throw new ServerRefusal(problem());
        }
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reading.apply(reader.readObject());
        } catch (JsonException
                | IllegalArgumentException
                | ArithmeticException
                | ClassCastException
                | NullPointerException e) {
            ServerRefusal refusal = new ServerRefusal(new ServerProblem(
                    status,
                    "unreadable-answer",
                    "The answer is not one of this service.",
                    "Check the address of the server.",
                    JsonValue.EMPTY_JSON_OBJECT));
            refusal.initCause(e);
            throw refusal;
        }
    }

    /** As {@link #read}, with a refusal as a value. */
    <T> Reply<T> reply(Function<JsonObject, T> reading) throws ServerRefusal {
        return isSuccess() ? new Ok<>(read(reading)) : new Refused<>(problem());
    }
}
