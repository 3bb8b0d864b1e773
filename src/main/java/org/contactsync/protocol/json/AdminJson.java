package org.contactsync.protocol.json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
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

    /**
     * A book that does not agree with its contacts.
     *
     * @param owner the key that stands for its user
     * @param differs what is wrong of the book
     * @param contacts how many contacts are wrong
     * @param items the first of them: the hash of the uid, and what is wrong of the contact
     */
    public record Difference(
            String owner,
            long seq,
            List<String> differs,
            long contacts,
            Map<String, List<String>> items,
            Instant foundAt,
            Instant checkedAt) {}

    /** @param next where the next page begins */
    public static String ofDifferences(List<Difference> differences, Optional<String> next) {
        JsonWriter json = new JsonWriter().object().name("differences").array();
        differences.forEach(difference -> write(json, difference));
        json.endArray();
        next.ifPresent(place -> json.member("next", place));
        return json.end().text();
    }

    private static void write(JsonWriter json, Difference difference) {
        json.object().member("owner", difference.owner()).member("seq", difference.seq());
        write(json, "differs", difference.differs());
        json.member("contacts", difference.contacts()).name("items").array();
        difference.items().forEach((uid, parts) -> {
            json.object().member("uidSha256", uid);
            write(json, "differs", parts);
            json.end();
        });
        json.endArray()
                .member("foundAt", difference.foundAt().toString())
                .member("checkedAt", difference.checkedAt().toString())
                .end();
    }

    private static void write(JsonWriter json, String name, List<String> values) {
        json.name(name).array();
        values.forEach(json::value);
        json.endArray();
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
