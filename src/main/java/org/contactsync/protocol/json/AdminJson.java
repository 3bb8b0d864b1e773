package org.contactsync.protocol.json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.contactsync.protocol.TaskId;
import org.contactsync.protocol.TaskState;

/** The JSON that operators read. Nothing of contacts is in it. */
public final class AdminJson {
    private AdminJson() {}

    /**
     * A task as an operator sees it.
     *
     * @param owner the key that stands for its user
     * @param givenUpAt empty where it does not matter
     */
    public record Task(
            TaskId id, String owner, TaskState state, int attempts, Instant createdAt, Optional<Instant> givenUpAt) {}

    public static String of(Task task) {
        JsonWriter json = new JsonWriter();
        write(json, task);
        return json.text();
    }

    /** @param next where the next page begins */
    public static String of(List<Task> tasks, Optional<String> next) {
        JsonWriter json = new JsonWriter().object().name("tasks").array();
        tasks.forEach(task -> write(json, task));
        json.endArray();
        next.ifPresent(place -> json.member("next", place));
        return json.end().text();
    }

    private static void write(JsonWriter json, Task task) {
        json.object()
                .member("id", task.id().toString())
                .member("owner", task.owner())
                .member("state", task.state().wireName())
                .member("attempts", task.attempts())
                .member(
                        "createdAt",
                        task.createdAt().truncatedTo(ChronoUnit.MILLIS).toString());
        task.givenUpAt().ifPresent(at -> json.member("givenUpAt", at.toString()));
        json.end();
    }
}
