package org.contactsync.settings;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Host names that always mean this machine. */
final class Loopback {
    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    private Loopback() {}

    static boolean is(@Nullable String host) {
        return host != null && NAMES.contains(host);
    }
}
