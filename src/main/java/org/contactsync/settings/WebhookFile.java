package org.contactsync.settings;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.contactsync.settings.WebhookSettings.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Reads the file of webhook endpoints. Every fault is an {@link IllegalArgumentException} with a message that continues "WEBHOOK_ENDPOINTS",
 * and contains no secret. Immutable.
 *
 * @param hosts the allowed hosts, with a port unless it is that of the scheme
 * @param mayBePlain whether http is allowed
 */
record WebhookFile(Set<String> hosts, boolean mayBePlain) {
    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_ENDPOINTS = 16;
    private static final int MOST_SECRETS = 2;
    private static final int MOST_LETTERS = 2_000;
    private static final String PREFIX = "whsec_";

    /** Standard Webhooks, "Symmetric signatures". */
    private static final int LEAST_SECRET = 24;

    private static final int MOST_SECRET = 64;
    private static final int LEAST_OWNER_KEY = 32;

    private static final int HTTPS = 443;
    private static final int MOST_PORT = 65_535;
    private static final int HTTP = 80;

    List<Endpoint> read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw wrong("is larger than " + MOST_BYTES + " bytes");
        }
        JsonObject root;
        try (InputStream in = Files.newInputStream(file);
                JsonReader reader = Json.createReader(in)) {
            root = reader.readObject();
        } catch (JsonException e) {
            throw wrong("is not a JSON object");
        }
        requireMembers(root, Set.of("endpoints"), "");
        if (!(root.get("endpoints") instanceof JsonArray array) || array.size() > MOST_ENDPOINTS) {
            throw wrong("must have an array endpoints with at most " + MOST_ENDPOINTS + " items");
        }
        List<Endpoint> endpoints = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            String at = "/endpoints/" + i;
            if (!(array.get(i) instanceof JsonObject item)) {
                throw wrong(at + " must be an object");
            }
            Endpoint endpoint = endpoint(item, at);
            if (!names.add(endpoint.name())) {
                throw wrong(at + "/name is used twice: " + endpoint.name());
            }
            endpoints.add(endpoint);
        }
        return endpoints;
    }

    private Endpoint endpoint(JsonObject item, String at) {
        requireMembers(item, Set.of("name", "url", "secrets", "ownerKey"), at);
        String name = text(item.get("name"), at + "/name");
        if (!name.matches("[a-z0-9-]{1,32}")) {
            throw wrong(at + "/name must be 1 to 32 of a-z 0-9 -");
        }
        if (!(item.get("secrets") instanceof JsonArray array) || array.isEmpty() || array.size() > MOST_SECRETS) {
            throw wrong(at + "/secrets must be an array of one secret, or two during a rotation");
        }
        List<SecretKey> secrets = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            secrets.add(secret(text(array.get(i), at + "/secrets/" + i), at + "/secrets/" + i));
        }
        return new Endpoint(
                name,
                url(text(item.get("url"), at + "/url"), at + "/url"),
                secrets,
                key(text(item.get("ownerKey"), at + "/ownerKey"), LEAST_OWNER_KEY, at + "/ownerKey must be "));
    }

    private static SecretKey secret(String text, String at) {
        if (!text.startsWith(PREFIX)) {
            throw wrong(at + " must begin with " + PREFIX);
        }
        return key(text.substring(PREFIX.length()), LEAST_SECRET, at + " must be " + PREFIX + " and ");
    }

    private static SecretKey key(String text, int least, String rule) {
        try {
            return SecretKey.ofBase64(text, least, MOST_SECRET);
        } catch (IllegalArgumentException e) {
            throw wrong(rule + e.getMessage());
        }
    }

    private URI url(String text, String at) {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw wrong(at + " is not a URL");
        }
        boolean encrypted = "https".equals(url.getScheme());
        if (!encrypted && !"http".equals(url.getScheme())
                || url.getHost() == null
                || !url.toASCIIString().equals(text)) {
            throw wrong(at + " must be an https URL with a host, in ASCII");
        }
        if (!encrypted && !mayBePlain) {
            throw wrong(at + " must be https, because WEBHOOK_HTTP is not true");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw wrong(at + " must have neither a user nor a fragment");
        }
        int standard = encrypted ? HTTPS : HTTP;
        int port = url.getPort() < 0 ? standard : url.getPort();
        if (port == 0 || port > MOST_PORT) {
            throw wrong(at + " must have a port from 1 to " + MOST_PORT);
        }
        String host = url.getHost().toLowerCase(Locale.ROOT);
        if (!hosts.contains(host + ":" + port) && !(port == standard && hosts.contains(host))) {
            throw wrong(at + ": WEBHOOK_HOSTS does not contain " + host + (port == standard ? "" : ":" + port));
        }
        return url;
    }

    private static void requireMembers(JsonObject object, Set<String> known, String at) {
        for (String name : object.keySet()) {
            if (!known.contains(name)) {
                throw wrong((at.isEmpty() ? "" : at + " ") + "has an unknown member; known are "
                        + known.stream().sorted().toList());
            }
        }
    }

    private static String text(@Nullable JsonValue value, String at) {
        if (!(value instanceof JsonString string) || string.getString().length() > MOST_LETTERS) {
            throw wrong(at + " must be a text of at most " + MOST_LETTERS + " characters");
        }
        return string.getString();
    }

    private static IllegalArgumentException wrong(String sentence) {
        return new IllegalArgumentException(sentence);
    }
}
