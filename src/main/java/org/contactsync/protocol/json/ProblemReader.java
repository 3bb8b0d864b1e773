package org.contactsync.protocol.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.checkcode.ContentHash;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.outcome.ReceivedTask;
import org.contactsync.protocol.problem.Conflict;
import org.contactsync.protocol.problem.Problem.ContactConflict;
import org.contactsync.protocol.problem.ProblemType;
import org.contactsync.protocol.problem.ReceivedProblem;
import org.contactsync.protocol.problem.ReceivedProblem.FaultyContact;

/**
 * Reads what {@link ProblemJson} writes, for clients. Whatever is missing or of another type counts as absent: a refusal of which
 * only the code can be understood is a refusal. Thread-safe.
 */
public final class ProblemReader {
    private ProblemReader() {}

    /** Empty when the body is no problem of this service, but e.g. a proxy's page. */
    public static Optional<ReceivedProblem> problem(byte[] utf8) {
        try {
            return problem(BoundedJson.object(utf8));
        } catch (JsonException | IllegalStateException notOfThisService) {
            return Optional.empty();
        }
    }

    /** Empty when the object is no problem of this service. */
    static Optional<ReceivedProblem> problem(JsonObject json) {
        String type = json.getString("type", "");
        if (!type.startsWith(ProblemJson.TYPE)) {
            return Optional.empty();
        }
        return Optional.of(new ReceivedProblem(
                json.getInt("status", 0),
                type.substring(ProblemJson.TYPE.length()),
                json.getString("detail", json.getString("title", "")),
                json.getString("next", ""),
                contacts(json),
                json.getInt("position", 0),
                json.getInt("expected", 0),
                Optional.of(json.getString("task", ""))
                        .map(path -> path.substring(path.lastIndexOf('/') + 1))
                        .filter(ReceivedTask::isId),
                missed(json)));
    }

    /** A {@code contact-conflict} as it is kept, by this version or an earlier one: without cards. Empty for everything else. */
    public static Optional<ContactConflict> conflict(String problem) {
        if (!ProblemJson.isOf(ProblemType.CONTACT_CONFLICT, problem)) {
            return Optional.empty();
        }
        try {
            JsonObject json = BoundedJson.object(problem.getBytes(StandardCharsets.UTF_8));
            List<Conflict> conflicts = json.getJsonArray("items").getValuesAs(JsonObject.class).stream()
                    .map(ProblemReader::conflict)
                    .toList();
            int total = json.getInt("total", conflicts.size());
            return Optional.of(new ContactConflict(conflicts, total, new CheckCode(json.getString("serverCheckCode"))));
        } catch (JsonException
                | IllegalStateException
                | IllegalArgumentException
                | ClassCastException
                | NullPointerException notOfThisService) {
            return Optional.empty();
        }
    }

    private static Conflict conflict(JsonObject item) {
        return new Conflict(
                new Uid(item.getString("uid")),
                item.getInt("index"),
                item.isNull("contentHash")
                        ? Optional.empty()
                        : Optional.of(ContentHash.ofHex(item.getString("contentHash"))));
    }

    private static List<FaultyContact> contacts(JsonObject problem) {
        if (!(problem.get("items") instanceof JsonArray items)) {
            return List.of();
        }
        return items.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonValue::asJsonObject)
                .map(item -> new FaultyContact(
                        item.getString("uid", ""),
                        item.getString("pointer", ""),
                        item.getString("detail", item.getString("code", item.getString("device", "")))))
                .toList();
    }

    private static Optional<Missed> missed(JsonObject problem) {
        try {
            return AnswerReader.missed(problem);
        } catch (IllegalArgumentException
                | ArithmeticException
                | ClassCastException
                | NullPointerException unreadable) {
            return Optional.empty();
        }
    }
}
