package org.contactsync.protocol.json;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.account.Installation;
import org.contactsync.protocol.account.Installation.Known;
import org.contactsync.protocol.account.RequestKind;

/** The JSON of an account (protocol §4.22), both ways. If the JSON is not such an answer, reading throws what {@link AnswerReader} throws. */
public final class AccountJson {
    private AccountJson() {}

    public static String devices(List<Installation> devices) {
        JsonWriter json = new JsonWriter().object().name("devices").array();
        devices.forEach(device -> write(json, device));
        return json.endArray().end().text();
    }

    /** One device of {@link #devices(List)}. */
    public static void write(JsonWriter json, Installation device) {
        json.object()
                .member("id", device.id().value())
                .member("lastSeen", device.seenAt().toString())
                .member("lastRequest", device.last().wireName());
        device.state()
                .ifPresent(state -> json.member("seq", state.seq())
                        .member("checkCode", state.code().value()));
        json.end();
    }

    /** What {@link #devices(List)} wrote. */
    public static List<Installation> devices(JsonObject json) {
        return json.getJsonArray("devices").getValuesAs(JsonObject.class).stream()
                .map(AccountJson::device)
                .toList();
    }

    private static Installation device(JsonObject json) {
        Optional<Known> state = json.containsKey("seq")
                ? Optional.of(new Known(
                        json.getJsonNumber("seq").longValueExact(), new CheckCode(json.getString("checkCode"))))
                : Optional.empty();
        return new Installation(
                new DeviceId(json.getString("id")),
                Instant.parse(json.getString("lastSeen")),
                RequestKind.of(json.getString("lastRequest")),
                state);
    }
}
