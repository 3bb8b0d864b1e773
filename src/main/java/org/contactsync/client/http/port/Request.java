package org.contactsync.client.http.port;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request. It may be sent more than once.
 *
 * @param method in capital letters, e.g. {@code PATCH}
 * @param headers without {@code Host} and {@code Content-Length}, which follow from the rest
 * @param body empty for a method without one; nobody changes its bytes
 * @param timeout for the time until the answer begins; empty when it may take any time
 */
public record Request(String method, URI uri, Headers headers, Optional<byte[]> body, Optional<Duration> timeout) {
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");

    /** RFC 9110, 5.5, without what only old servers send. */
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

    public Request {
        if (!METHOD.matcher(method).matches()) {
            throw new IllegalArgumentException("method: 1 to 20 capital letters");
        }
        headers.fields().forEach(Request::requireField);
    }

    private static void requireField(String name, List<String> values) {
        if (!NAME.matcher(name).matches()
                || !values.stream().allMatch(value -> VALUE.matcher(value).matches())) {
            throw new IllegalArgumentException("header: a name and values of printable ASCII; name=" + name.length());
        }
    }

    /** Begins a GET. */
    public static Builder to(URI uri) {
        return new Builder(uri);
    }

    /** Shows no header: one of them is the token. */
    @Override
    public String toString() {
        return "Request[" + method + "]";
    }

    /** Makes a request. For one thread at a time. */
    public static final class Builder {
        private final URI uri;
        private final Map<String, List<String>> headers = new LinkedHashMap<>();
        private String method = "GET";
        private Optional<byte[]> body = Optional.empty();
        private Optional<Duration> timeout = Optional.empty();

        private Builder(URI uri) {
            this.uri = uri;
        }

        public Builder timeout(Duration most) {
            timeout = Optional.of(most);
            return this;
        }

        /** Adds a value to a field. */
        public Builder header(String name, String value) {
            headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>(1))
                    .add(value);
            return this;
        }

        /** Sets a field, in place of what it had. */
        public Builder setHeader(String name, String value) {
            headers.remove(name.toLowerCase(Locale.ROOT));
            return header(name, value);
        }

        public Builder get() {
            return without("GET");
        }

        public Builder delete() {
            return without("DELETE");
        }

        private Builder without(String other) {
            method = other;
            body = Optional.empty();
            return this;
        }

        public Builder post(byte[] bytes) {
            return method("POST", bytes);
        }

        public Builder put(byte[] bytes) {
            return method("PUT", bytes);
        }

        /** @param bytes the body; may have no bytes */
        public Builder method(String other, byte[] bytes) {
            method = other;
            body = Optional.of(bytes);
            return this;
        }

        public Request build() {
            return new Request(method, uri, new Headers(headers), body, timeout);
        }
    }
}
