package org.contactsync.client;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.contactsync.protocol.ProblemType;
import org.contactsync.protocol.json.BoundedJson;

/**
 * A refusal of the server (RFC 9457, {@code application/problem+json}). Its texts come from the server: treat them as
 * untrusted.
 *
 * @param status the HTTP status; 0 when this client found the fault itself
 * @param code the last part of its type, e.g. {@code check-code-mismatch}; {@code http-502} when something between client and
 *     server answered instead
 * @param detail what was wrong, one sentence
 * @param next what to do, one sentence; may be empty
 * @param members all members of the answer, those of this problem's own included
 */
public record ServerProblem(int status, String code, String detail, String next, JsonObject members) {
    private static final String PREFIX = "urn:contact-sync:problem:";
    private static final HttpHeaders NONE = HttpHeaders.of(Map.of(), (name, value) -> true);

    /** RFC 6750 section 3: why a token was not accepted. */
    private static final Pattern DESCRIPTION = Pattern.compile("error_description=\"([^\"\\\\]{1,200})\"");

    static ServerProblem of(int status, byte[] body) {
        return of(status, NONE, body);
    }

    static ServerProblem of(int status, HttpHeaders headers, byte[] body) {
        JsonObject json = object(body);
        String type = json.getString("type", "");
        if (!type.startsWith(PREFIX)) {
            return ofSomethingElse(status, headers, json);
        }
        String title = json.getString("title", "");
        String detail = json.getString("detail", title);
        if (status == 401) {
            detail = description(headers).orElse(detail);
        }
        return new ServerProblem(status, type.substring(PREFIX.length()), detail, json.getString("next", ""), json);
    }

    private static Optional<String> description(HttpHeaders headers) {
        return headers.allValues("WWW-Authenticate").stream()
                .map(DESCRIPTION::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
    }

    /** Whether the server tells why it did not accept the token. */
    static boolean saysWhy(HttpHeaders headers) {
        return description(headers).isPresent();
    }

    /** The same problem in other words. */
    ServerProblem with(String otherDetail, String otherNext) {
        return new ServerProblem(status, code, otherDetail, otherNext, members);
    }

    /** Whether the service itself said so; otherwise something in between did, or this client found it. */
    public boolean isOfService() {
        return members.containsKey("type") && !code.startsWith("http-");
    }

    /** Not a problem of this service: a proxy's page, a redirect, another server. */
    private static ServerProblem ofSomethingElse(int status, HttpHeaders headers, JsonObject json) {
        if (status / 100 == 3) {
            String to = headers.firstValue("Location").orElse("another address");
            return new ServerProblem(
                    status,
                    "redirected",
                    "The server redirects to " + to + ", but this client does not send your token there by itself.",
                    "If you trust that address, use it as the server's address.",
                    json);
        }
        return new ServerProblem(
                status,
                "http-" + status,
                "The answer with status " + status + " does not come from a contact-sync server.",
                status >= 500 ? "Try again later." : "Check the server's address.",
                json);
    }

    /**
     * A contact that the server found fault with.
     *
     * @param pointer the place in it, a JSON pointer; may be empty
     */
    public record FaultyContact(String uid, String pointer, String detail) {}

    /** The contacts that the refusal names; empty when it is about something else. */
    public List<FaultyContact> contacts() {
        if (!(members.get("items") instanceof JsonArray items)) {
            return List.of();
        }
        return items.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonValue::asJsonObject)
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
        try {
            return BoundedJson.object(body);
        } catch (JsonException | IllegalStateException notFromThisService) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
    }

    /** Whole sentences for a person, with the code at their end: {@code The book is full. Delete contacts. (book-full, 422)}. */
    @Override
    public String toString() {
        String all = sentence(detail) + (next.isBlank() ? "" : " " + sentence(next));
        return all + " (" + code + (status == 0 ? "" : ", status " + status) + ")";
    }

    private static String sentence(String text) {
        String plain = text.strip();
        if (plain.isEmpty()) {
            return plain;
        }
        String begun = plain.substring(0, plain.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT)
                + plain.substring(plain.offsetByCodePoints(0, 1));
        return ".!?".indexOf(begun.charAt(begun.length() - 1)) >= 0 ? begun : begun + ".";
    }
}
