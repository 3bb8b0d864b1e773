package org.contactsync.settings;

import java.util.Set;

/**
 * The web origins whose pages may call the service from a browser.
 *
 * @param allowed as a browser sends them in {@code Origin} (RFC 6454): {@code https://app.example.com}
 */
public record CorsOrigins(Set<String> allowed) {
    public CorsOrigins {
        allowed = Set.copyOf(allowed);
    }
}
