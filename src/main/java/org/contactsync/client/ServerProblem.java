package org.contactsync.client;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.contactsync.protocol.ProblemType;

/**
 * A refusal of the server (RFC 9457, {@code application/problem+json}).
 *
 * @param status the HTTP status
 * @param code the last part of its type, e.g. {@code check-code-mismatch}; {@code http-502} when something between client and
 *     server answered instead
 * @param detail what was wrong, one sentence
 * @param next what to do, one sentence; may be empty
 * @param members all members of the answer, those of this problem's own included
 */
public record ServerProblem(int status, String code, String detail, String next, JsonObject members) {
    private static final String PREFIX = "urn:contact-sync:problem:";

    static ServerProblem of(int status, byte[] body) {
        JsonObject json = object(body);
        String type = json.getString("type", "");
        String code = type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : "http-" + status;
        String title = json.getString("title", "the server answered with status " + status);
        return new ServerProblem(status, code, json.getString("detail", title), json.getString("next", ""), json);
    }

    /**
     * A contact that the server found fault with.
     *
     * @param pointer the place in it, a JSON pointer; may be empty
     */
    public record FaultyContact(String uid, String pointer, String detail) {}

    /** The contacts that the refusal names, at most 100; empty when it is about something else. */
    public List<FaultyContact> contacts() {
        if (!members.containsKey("items")) {
            return List.of();
        }
        return members.getJsonArray("items").getValuesAs(JsonObject.class).stream()
                .map(item -> new FaultyContact(
                        item.getString("uid", ""),
                        item.getString("pointer", ""),
                        item.getString("detail", item.getString("code", ""))))
                .toList();
    }

    boolean is(ProblemType type) {
        return code.equals(type.code());
    }

    private static JsonObject object(byte[] body) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        } catch (JsonException notFromThisService) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
    }

    @Override
    public String toString() {
        return code + " (" + status + "): " + detail + (next.isEmpty() ? "" : " " + next);
    }
}
