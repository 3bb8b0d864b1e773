package org.contactsync.client.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.contactsync.client.http.port.Headers;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.json.ProblemReader;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.ReceivedProblem;
import org.contactsync.protocol.problem.ReceivedProblem.FaultyContact;

/**
 * A refusal of the server (RFC 9457, {@code application/problem+json}). Its texts come from the server: treat them as
 * untrusted.
 *
 * @param status the HTTP status; 0 when this client found the fault itself
 * @param code the last part of its type, e.g. {@code check-code-mismatch}; {@code http-502} when something between client and
 *     server answered instead
 * @param detail what was wrong, one sentence
 * @param next what to do, one sentence; may be empty
 * @param received what the service said; empty when something in between did, or this client found the fault
 */
public record ServerProblem(int status, String code, String detail, String next, Optional<ReceivedProblem> received) {
    /** RFC 6750 section 3: why a token was not accepted. */
    private static final Pattern DESCRIPTION = Pattern.compile("error_description=\"([^\"\\\\]{1,200})\"");

    /** One that this client found itself. */
    public static ServerProblem found(String code, String detail, String next) {
        return found(0, code, detail, next);
    }

    /** One that this client found itself in an answer with this status. */
    static ServerProblem found(int status, String code, String detail, String next) {
        return new ServerProblem(status, code, detail, next, Optional.empty());
    }

    /** Why a task failed, as the task tells it. */
    public static ServerProblem of(ReceivedProblem received) {
        return of(received.status(), received, received.detail());
    }

    public static ServerProblem of(int status, byte[] body) {
        return of(status, Headers.NONE, body);
    }

    public static ServerProblem of(int status, Headers headers, byte[] body) {
        Optional<ReceivedProblem> received = ProblemReader.problem(body);
        if (received.isEmpty()) {
            return ofSomethingElse(status, headers);
        }
        String detail = received.get().detail();
        return of(status, received.get(), status == 401 ? description(headers).orElse(detail) : detail);
    }

    private static ServerProblem of(int status, ReceivedProblem received, String detail) {
        return new ServerProblem(status, received.code(), detail, received.next(), Optional.of(received));
    }

    private static Optional<String> description(Headers headers) {
        return headers.allValues("WWW-Authenticate").stream()
                .map(DESCRIPTION::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
    }

    /** Whether the server tells why it did not accept the token. */
    static boolean saysWhy(Headers headers) {
        return description(headers).isPresent();
    }

    /** The same problem in other words. */
    ServerProblem with(String otherDetail, String otherNext) {
        return new ServerProblem(status, code, otherDetail, otherNext, received);
    }

    /** Whether the service itself said so; otherwise something in between did, or this client found it. */
    public boolean isOfService() {
        return received.isPresent();
    }

    /** Not a problem of this service: a proxy's page, a redirect, another server. */
    private static ServerProblem ofSomethingElse(int status, Headers headers) {
        if (status / 100 == 3) {
            String to = headers.firstValue("Location").orElse("another address");
            return found(
                    status,
                    "redirected",
                    "The server redirects to " + to + ", but this client does not send your token there by itself.",
                    "If you trust that address, use it as the server's address.");
        }
        return found(
                status,
                "http-" + status,
                "The answer with status " + status + " does not come from a contact-sync server.",
                status >= 500 ? "Try again later." : "Check the server's address.");
    }

    /** The contacts that the refusal names; empty when it is about something else. */
    public List<FaultyContact> contacts() {
        return received.map(ReceivedProblem::contacts).orElse(List.of());
    }

    /** The task's position in the queue; 0 when the refusal does not tell. */
    public int position() {
        return received.map(ReceivedProblem::position).orElse(0);
    }

    /** The number of the chunk that the server expects; 0 when the refusal does not tell. */
    public int expectedChunk() {
        return received.map(ReceivedProblem::expectedChunk).orElse(0);
    }

    /** The id of the task that the refusal names. */
    public Optional<String> task() {
        return received.flatMap(ReceivedProblem::task);
    }

    /** What others changed, when the refusal tells. */
    public Optional<Missed> missed() {
        return received.flatMap(ReceivedProblem::missed);
    }

    public boolean is(ProblemType type) {
        return code.equals(type.code());
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
