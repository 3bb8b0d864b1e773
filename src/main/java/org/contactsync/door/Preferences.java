package org.contactsync.door;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.contactsync.protocol.Limits;
import org.contactsync.queue.Wait;

/**
 * The {@code Prefer} header (RFC 7240). Unknown and malformed preferences are ignored, and of one that is given twice the first counts, as the
 * RFC requires.
 *
 * @param longest the requested {@code wait}, not longer than the limit
 * @param respondAsync answer 202 at once
 */
public record Preferences(Optional<Duration> longest, boolean respondAsync) {
    /** Of a request that waits for its outcome anyway. */
    public static final Preferences NONE = new Preferences(Optional.empty(), false);

    private static final Pattern WAIT = Pattern.compile("wait ?= ?\"?[0-9]{1,6}\"?");

    public static Preferences of(HttpHeaders headers, Limits limits) {
        List<String> values = headers.getRequestHeader("Prefer");
        Optional<Duration> wait = Optional.empty();
        boolean async = false;
        for (String each :
                values == null ? new String[0] : String.join(",", values).split("[,;]")) {
            String preference = each.strip().toLowerCase(Locale.ROOT);
            if (preference.equals("respond-async")) {
                async = true;
            } else if (wait.isEmpty() && WAIT.matcher(preference).matches()) {
                Duration asked = Duration.ofSeconds(Long.parseLong(preference.replaceAll("[^0-9]", "")));
                wait = Optional.of(asked.compareTo(limits.waitMost()) > 0 ? limits.waitMost() : asked);
            }
        }
        return new Preferences(wait, async);
    }

    /** {@code handling=lenient}: what is not at fault is done (RFC 7240 §4.4). The first {@code handling} counts. */
    public static boolean isLenient(HttpHeaders headers) {
        List<String> values = headers.getRequestHeader("Prefer");
        return values != null && isLenient(String.join(",", values));
    }

    static boolean isLenient(String prefer) {
        return Arrays.stream(prefer.split("[,;]"))
                .map(each -> each.replaceAll("[\\s\"]", "").toLowerCase(Locale.ROOT))
                .filter(each -> each.startsWith("handling="))
                .findFirst()
                .filter("handling=lenient"::equals)
                .isPresent();
    }

    /** How a request for an incremental sync waits. {@code respond-async, wait=n}: async only when n runs out. */
    public Wait forSync(Limits limits) {
        if (longest.isPresent()) {
            return new Wait.UntilDone(longest.get());
        }
        return respondAsync ? new Wait.NotAtAll() : new Wait.Briefly(limits.waitDefault());
    }

    /** The same response, with the applied preference. */
    public Response confirm(Response response) {
        return confirm(response, false);
    }

    /** @param lenient whether {@code handling=lenient} was applied as well */
    public Response confirm(Response response, boolean lenient) {
        String applied = Stream.concat(applied().stream(), lenient ? Stream.of("handling=lenient") : Stream.empty())
                .collect(Collectors.joining(", "));
        if (!applied.isEmpty()) {
            response.getHeaders().putSingle("Preference-Applied", applied);
        }
        return response;
    }

    /** The applied preference, for {@code Preference-Applied}. */
    public Optional<String> applied() {
        return longest.map(time -> "wait=" + time.toSeconds())
                .or(() -> respondAsync ? Optional.of("respond-async") : Optional.empty());
    }
}
