package org.contactsync.protocol.json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** The JSON in which operators read of webhooks. Nothing of contacts is in it. */
public final class WebhookJson {
    private WebhookJson() {}

    /**
     * An endpoint.
     *
     * @param state {@code active}, {@code paused} or {@code gone}
     * @param lagSeconds every older change has been delivered or given up
     * @param failures attempts in a row that have failed
     * @param resumeAt empty unless it is paused
     */
    public record Endpoint(
            String name,
            String state,
            long lagSeconds,
            long waiting,
            long dead,
            int failures,
            Optional<String> lastError,
            Optional<Instant> lastFailureAt,
            Optional<Instant> lastSuccessAt,
            Optional<Instant> resumeAt) {}

    /**
     * A delivery that waits or is dead.
     *
     * @param owner the key that stands for its user
     * @param ownerHash what the endpoint knows the user by
     * @param nextAttemptAt empty if it is dead
     */
    public record Delivery(
            String owner,
            String ownerHash,
            long fromSeq,
            long seq,
            int attempts,
            String error,
            Instant failedSince,
            Instant triedAt,
            Optional<Instant> nextAttemptAt) {}

    public static String of(List<Endpoint> endpoints) {
        JsonWriter json = new JsonWriter().object().name("endpoints").array();
        endpoints.forEach(endpoint -> write(json, endpoint));
        return json.endArray().end().text();
    }

    public static String of(Endpoint endpoint) {
        JsonWriter json = new JsonWriter();
        write(json, endpoint);
        return json.text();
    }

    /** @param next where the next page begins */
    public static String of(List<Delivery> deliveries, Optional<String> next) {
        JsonWriter json = new JsonWriter().object().name("deliveries").array();
        deliveries.forEach(delivery -> write(json, delivery));
        json.endArray();
        next.ifPresent(place -> json.member("next", place));
        return json.end().text();
    }

    /** What is told first after a replay was asked for. */
    public static String ofReplay(String owner, long fromSeq, long seq) {
        return new JsonWriter()
                .object()
                .member("owner", owner)
                .member("fromSeq", fromSeq)
                .member("seq", seq)
                .end()
                .text();
    }

    private static void write(JsonWriter json, Endpoint endpoint) {
        json.object()
                .member("name", endpoint.name())
                .member("state", endpoint.state())
                .member("lagSeconds", endpoint.lagSeconds())
                .member("waiting", endpoint.waiting())
                .member("dead", endpoint.dead())
                .member("failures", endpoint.failures());
        endpoint.lastError().ifPresent(error -> json.member("lastError", error));
        write(json, "lastFailureAt", endpoint.lastFailureAt());
        write(json, "lastSuccessAt", endpoint.lastSuccessAt());
        write(json, "resumeAt", endpoint.resumeAt());
        json.end();
    }

    private static void write(JsonWriter json, Delivery delivery) {
        json.object()
                .member("owner", delivery.owner())
                .member("ownerHash", delivery.ownerHash())
                .member("state", delivery.nextAttemptAt().isPresent() ? "waiting" : "dead")
                .member("fromSeq", delivery.fromSeq())
                .member("seq", delivery.seq())
                .member("attempts", delivery.attempts())
                .member("error", delivery.error());
        write(json, "failedSince", Optional.of(delivery.failedSince()));
        write(json, "triedAt", Optional.of(delivery.triedAt()));
        write(json, "nextAttemptAt", delivery.nextAttemptAt());
        json.end();
    }

    private static void write(JsonWriter json, String name, Optional<Instant> time) {
        time.ifPresent(at -> json.member(name, at.truncatedTo(ChronoUnit.MILLIS).toString()));
    }
}
