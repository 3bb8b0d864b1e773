package org.contactsync.client;

import jakarta.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import org.contactsync.protocol.TaskState;

/**
 * A sync task as the server shows it.
 *
 * @param position in the user's queue; 0: its turn
 * @param nextChunk the number of the chunk that an upload expects, from 1; 1 for other tasks
 * @param result of a task that is done
 * @param problem of a task that failed
 */
public record UploadTask(
        String id,
        String kind,
        TaskState state,
        long position,
        int nextChunk,
        Optional<JsonObject> result,
        Optional<ServerProblem> problem) {
    static UploadTask of(JsonObject json) {
        return new UploadTask(
                json.getString("id"),
                json.getString("kind"),
                TaskState.valueOf(json.getString("state").toUpperCase(Locale.ROOT)),
                json.containsKey("position") ? json.getJsonNumber("position").longValueExact() : 0,
                json.getInt("nextChunk", 1),
                Optional.ofNullable(json.getJsonObject("result")),
                Optional.ofNullable(json.getJsonObject("problem"))
                        .map(problem -> ServerProblem.of(problem.getInt("status", 0), bytes(problem))));
    }

    private static byte[] bytes(JsonObject json) {
        return json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
