package org.contactsync.api;

import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.contactsync.protocol.Limits;
import org.contactsync.queue.SyncGateway.Wait;

/**
 * The {@code Prefer} header (RFC 7240). What is not known or not well formed is ignored, as the RFC says.
 *
 * @param longest {@code wait}, as asked for, not longer than the limit
 * @param respondAsync answer 202 at once
 */
record Preferences(Optional<Duration> longest, boolean respondAsync) {
    private static final Pattern WAIT = Pattern.compile("wait ?= ?\"?[0-9]{1,6}\"?");

    static Preferences of(HttpHeaders headers, Limits limits) {
        List<String> values = headers.getRequestHeader("Prefer");
        Optional<Duration> wait = Optional.empty();
        boolean async = false;
        for (String each :
                values == null ? new String[0] : String.join(",", values).split("[,;]")) {
            String preference = each.strip().toLowerCase(Locale.ROOT);
            if (preference.equals("respond-async")) {
                async = true;
            } else if (WAIT.matcher(preference).matches()) {
                Duration asked = Duration.ofSeconds(Long.parseLong(preference.replaceAll("[^0-9]", "")));
                wait = Optional.of(asked.compareTo(limits.waitMost()) > 0 ? limits.waitMost() : asked);
            }
        }
        return new Preferences(wait, async);
    }

    /** How a request for an incremental sync waits. {@code respond-async, wait=n}: async only when n runs out. */
    Wait forSync(Limits limits) {
        if (longest.isPresent()) {
            return new Wait.UntilDone(longest.get());
        }
        return respondAsync ? new Wait.NotAtAll() : new Wait.Briefly(limits.waitDefault());
    }

    /** What was applied, for {@code Preference-Applied}. */
    Optional<String> applied() {
        return longest.map(time -> "wait=" + time.toSeconds())
                .or(() -> respondAsync ? Optional.of("respond-async") : Optional.empty());
    }
}
