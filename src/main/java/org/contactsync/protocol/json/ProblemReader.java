package org.contactsync.protocol.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.Missed;
import org.contactsync.protocol.outcome.ReceivedTask;
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
