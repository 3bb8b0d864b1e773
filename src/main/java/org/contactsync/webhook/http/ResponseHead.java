package org.contactsync.webhook.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What matters of the head of a response (RFC 9112).
 *
 * @param status of the final response, 200 to 599
 * @param retryAfter at most {@link #LONGEST_WAIT}
 */
record ResponseHead(int status, Optional<Duration> retryAfter) {
    /** Bytes of all heads together. */
    static final int MOST_BYTES = 16 * 1024;

    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");
    private static final String RETRY_AFTER = "retry-after:";
    private static final int FIRST_FINAL = 200;

    /** Reads up to the end of the head, past interim responses. */
    static ResponseHead read(InputStream in, Instant now) throws IOException {
        int[] left = {MOST_BYTES};
        while (true) {
            Matcher first = STATUS.matcher(line(in, left));
            if (!first.matches()) {
                throw new ProtocolException("not HTTP/1.1");
            }
            int status = Integer.parseInt(first.group(1));
            Optional<Duration> retryAfter = Optional.empty();
            for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(RETRY_AFTER)) {
                    retryAfter = wait(line.substring(RETRY_AFTER.length()).strip(), now);
                }
            }
            if (status >= FIRST_FINAL) {
                return new ResponseHead(status, retryAfter);
            }
        }
    }

    private static String line(InputStream in, int[] left) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the head is not complete");
            }
            if (--left[0] < 0) {
                throw new ProtocolException("the head is too large");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Seconds, or a time (RFC 9110, 10.2.3); anything else is left out. */
    private static Optional<Duration> wait(String text, Instant now) {
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(text))));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(bounded(Duration.between(now, then)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
}
