package org.contactsync.faults;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.faults.Api.Reply;
import org.contactsync.faults.PastReading.Change;

/** Reads the history and the trash of a device's user, and writes down what it read. One thread at a time. */
final class PastReader {
    private static final Duration READ = Duration.ofSeconds(6);

    private final String user;
    private final String device;
    private final Api api;
    private final Log log;

    PastReader(String user, String device, Api api, Log log) {
        this.user = user;
        this.device = device;
        this.api = api;
        this.log = log;
    }

    /** Whether there was an answer. */
    boolean readHistory(int limit) {
        Reply reply = api.get("/v1/book/history?limit=" + limit, READ);
        if (reply.status() != 200) {
            return false;
        }
        List<Change> changes = reply.body().getJsonArray("changes").getValuesAs(JsonObject.class).stream()
                .map(each -> new Change(
                        each.getJsonNumber("seq").longValue(),
                        each.getString("task"),
                        each.getString("checkCodeBefore"),
                        each.getString("checkCode"),
                        each.getJsonNumber("count").longValue()))
                .toList();
        note(reply, Optional.of(changes), Optional.empty());
        return true;
    }

    /** The uids in the trash, if there was an answer with all of them. */
    Optional<List<String>> readTrash() {
        Reply reply = api.get("/v1/book/trash?limit=200", READ);
        if (reply.status() != 200) {
            return Optional.empty();
        }
        Map<String, String> trash = new TreeMap<>();
        for (JsonObject each : reply.body().getJsonArray("contacts").getValuesAs(JsonObject.class)) {
            trash.put(each.getString("uid"), each.getJsonObject("card").toString());
        }
        if (!reply.body().containsKey("next")) {
            note(reply, Optional.empty(), Optional.of(Map.copyOf(trash)));
        }
        return Optional.of(List.copyOf(trash.keySet()));
    }

    private void note(Reply reply, Optional<List<Change>> changes, Optional<Map<String, String>> trash) {
        log.readPast(
                user,
                new PastReading(
                        device,
                        reply.instance(),
                        reply.invoked(),
                        reply.body().getString("checkCode"),
                        changes,
                        trash));
    }
}
