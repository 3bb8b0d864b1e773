package org.contactsync.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.contactsync.checkcode.CheckCode;
import org.contactsync.contact.Uid;
import org.contactsync.protocol.DeviceId;

/**
 * A request that came to the {@link FakeServer}.
 *
 * @param path without the query
 * @param header a header's value by its name; null when there is none
 * @param body unpacked
 */
record CoreRequest(
        String method, String path, Map<String, String> query, Function<String, String> header, byte[] body) {
    Optional<String> given(String name) {
        return Optional.ofNullable(header.apply(name));
    }

    Optional<DeviceId> device() {
        return given("Device-Id").map(DeviceId::new);
    }

    Optional<CheckCode> ifMatch() {
        return given("If-Match").map(tag -> new CheckCode(tag.replace("\"", "")));
    }

    Optional<UUID> idempotencyKey() {
        return given("Idempotency-Key").map(key -> UUID.fromString(key.replace("\"", "")));
    }

    /** A part of the path, counted from 0. */
    String part(int index) {
        return path.split("/")[index + 1];
    }

    /** The parameter {@code after} of a page. */
    Optional<Uid> after() {
        return Optional.ofNullable(query.get("after")).map(Uid::new);
    }

    /** The parameter {@code prefix}, as it stands there. */
    List<String> prefixes() {
        return List.of(query.getOrDefault("prefix", "").split(",", -1));
    }

    /** The parameter {@code limit} of a page. */
    int limit() {
        return Integer.parseInt(query.getOrDefault("limit", "200"));
    }
}
