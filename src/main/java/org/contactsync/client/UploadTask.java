package org.contactsync.client;

import jakarta.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.contactsync.protocol.TaskState;

/**
 * A sync task as the server shows it.
 *
 * @param kind empty when only the result is known
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
    /** It becomes a part of paths: nothing that could lead elsewhere. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    public UploadTask {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("id: 1 to 64 letters, digits and hyphens");
        }
    }

    /** From the task itself or, when it was done at once, from its result (protocol §4.3.2). */
    static UploadTask of(JsonObject json) {
        if (!json.containsKey("id")) {
            return new UploadTask(
                    json.getString("task"), "", TaskState.DONE, 0, 1, Optional.of(json), Optional.empty());
        }
        return new UploadTask(
                json.getString("id"),
                json.getString("kind"),
                state(json.getString("state")),
                json.containsKey("position") ? json.getJsonNumber("position").longValueExact() : 0,
                json.getInt("nextChunk", 1),
                Optional.ofNullable(json.getJsonObject("result")),
                Optional.ofNullable(json.getJsonObject("problem"))
                        .map(problem -> ServerProblem.of(problem.getInt("status", 0), bytes(problem))));
    }

    /** A state that a newer server has is an unfinished one (protocol §4.11.2). */
    private static TaskState state(String wireName) {
        return Arrays.stream(TaskState.values())
                .filter(state -> state.wireName().equals(wireName))
                .findFirst()
                .orElse(TaskState.RUNNING);
    }

    private static byte[] bytes(JsonObject json) {
        return json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
