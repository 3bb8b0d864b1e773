package org.contactsync.access.development;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.contactsync.protocol.problem.ProblemException;
import org.contactsync.protocol.problem.ProblemType;

/**
 * The form of {@code POST /dev/tokens}, read from an untrusted stream.
 *
 * @param fields {@code user} and {@code admin}, those that are there
 */
record DevelopmentForm(Map<String, String> fields) {
    static final int MOST_BYTES = 4 * 1024;

    /** Of the whole form; a part of it has the server's {@code readTimeout}. */
    private static final Duration MOST = Duration.ofSeconds(10);

    private static final Set<String> KNOWN = Set.of("user", "admin");

    Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /**
     * Reads at most {@link #MOST_BYTES}, and a byte to see whether there are more.
     *
     * @throws ProblemException {@code content-too-large}, {@code request-timeout}, or {@code malformed-request} for another field, one
     *     that is there twice, and what is not well encoded
     */
    static DevelopmentForm read(InputStream in, LongSupplier nanos) {
        long start = nanos.getAsLong();
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        byte[] buffer = new byte[MOST_BYTES + 1];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                form.write(buffer, 0, n);
                if (form.size() > MOST_BYTES) {
                    throw ProblemException.of(
                            ProblemType.CONTENT_TOO_LARGE, "the form has at most " + MOST_BYTES + " bytes");
                }
                if (nanos.getAsLong() - start > MOST.toNanos()) {
                    throw ProblemException.of(
                            ProblemType.REQUEST_TIMEOUT, "the form must arrive within " + MOST.toSeconds() + " s");
                }
            }
        } catch (SocketTimeoutException e) {
            throw ProblemException.of(ProblemType.REQUEST_TIMEOUT, "the form stopped arriving");
        } catch (IOException e) {
            throw malformed("the form ended before it was complete");
        }
        return parse(form.toString(StandardCharsets.US_ASCII));
    }

    private static DevelopmentForm parse(String form) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : form.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!KNOWN.contains(name)) {
                throw malformed("the form may only have the fields user and admin");
            }
            if (fields.put(name, decode(equals < 0 ? "" : pair.substring(equals + 1))) != null) {
                throw malformed("the form has the field " + name + " more than once");
            }
        }
        return new DevelopmentForm(Map.copyOf(fields));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed("the form is not well-formed");
        }
    }

    private static ProblemException malformed(String detail) {
        return ProblemException.of(ProblemType.MALFORMED_REQUEST, detail);
    }
}
