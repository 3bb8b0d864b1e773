package org.contactsync.faults;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.contactsync.faults.Api.Reply;

/** Reads the book of a device's user, and writes down what it read. One thread at a time. */
final class BookReader {
    private static final Duration READ = Duration.ofSeconds(6);

    private final String user;
    private final String device;
    private final Api api;
    private final Log log;

    /** A whole book as it was read. */
    record Contents(Map<String, String> contacts, String checkCode) {
        Contents {
            contacts = Map.copyOf(contacts);
        }
    }

    BookReader(String user, String device, Api api, Log log) {
        this.user = user;
        this.device = device;
        this.api = api;
        this.log = log;
    }

    /** The arithmetic of the book, if there was an answer. */
    Optional<PlainCodes> readHead() {
        Reply reply = api.get("/v1/book", READ);
        if (reply.status() != 200) {
            return Optional.empty();
        }
        long seq = reply.body().getJsonNumber("seq").longValue();
        note(reply, Optional.of(seq), Optional.empty());
        return Optional.of(PlainCodes.ofBase64(reply.body().getString("checkKey")));
    }

    /** The contacts, if there was an answer. */
    Optional<Contents> readContacts() {
        Reply reply = api.get("/v1/book/contacts?limit=1000", READ);
        if (reply.status() != 200) {
            return Optional.empty();
        }
        Map<String, String> contacts = new TreeMap<>();
        for (JsonObject each : reply.body().getJsonArray("contacts").getValuesAs(JsonObject.class)) {
            contacts.put(each.getString("uid"), each.getJsonObject("card").toString());
        }
        Contents contents = new Contents(contacts, reply.body().getString("checkCode"));
        note(reply, Optional.empty(), Optional.of(contents.contacts()));
        return Optional.of(contents);
    }

    private void note(Reply reply, Optional<Long> seq, Optional<Map<String, String>> contacts) {
        log.read(
                user,
                new Reading(
                        device,
                        reply.instance(),
                        reply.invoked(),
                        reply.returned(),
                        reply.body().getString("checkCode"),
                        seq,
                        contacts));
    }
}
