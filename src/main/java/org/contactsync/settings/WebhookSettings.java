package org.contactsync.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which systems of the operator are told of changes, and how.
 *
 * @param endpoints {@code WEBHOOK_ENDPOINTS}; none if it is not set
 * @param networks {@code WEBHOOK_NETWORKS}: where else than to public addresses requests may go
 * @param certificates {@code WEBHOOK_TRUST_CERTIFICATE}; empty: those that the Java runtime trusts
 * @param deadAfter {@code WEBHOOK_DEAD_AFTER}: how long a delivery is tried
 * @param keptFor {@code HISTORY_RETENTION}: how long dead deliveries are listed
 */
public record WebhookSettings(
        List<Endpoint> endpoints,
        List<Network> networks,
        Optional<Path> certificates,
        Duration deadAfter,
        Duration keptFor) {
    /**
     * A system that is told.
     *
     * @param name 1 to 32 of a-z 0-9 -, in metrics, logs and the database
     * @param url absolute, https or http; its host has been allowed
     * @param secrets one, or two while one replaces the other
     * @param ownerKey makes the hash of a user that this system sees
     */
    public record Endpoint(String name, URI url, List<SecretKey> secrets, SecretKey ownerKey) {
        public Endpoint {
            secrets = List.copyOf(secrets);
        }

        /** Without the path, which may be a secret too. */
        @Override
        public String toString() {
            return name + " " + url.getScheme() + "://" + url.getAuthority();
        }
    }

    public WebhookSettings {
        endpoints = List.copyOf(endpoints);
        networks = List.copyOf(networks);
    }
}
