package org.contactsync.log;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a request in answers and log lines: by an id of this service, and by the trace (W3C Trace Context) to which it
 * belongs.
 *
 * @param id created here; unique for each request. Its first half is the same for all requests of a process
 * @param traceId 32 lower-case hexadecimal digits: the caller's, or those of {@code id}
 * @param sampled whether the caller records the trace
 */
public record RequestTrace(UUID id, String traceId, boolean sampled) {
    /** The name of the request property that contains it. */
    public static final String PROPERTY = "org.contactsync.trace";

    /** The header of the id in answers. */
    public static final String ID_HEADER = "X-Request-Id";

    /** The header of the trace in requests and answers. */
    public static final String TRACE_HEADER = "traceparent";

    /** Version 8 of RFC 9562, with custom bits. */
    private static final long PROCESS = new SplittableRandom().nextLong() & ~0xf000L | 0x8000L;

    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0xc000_0000_0000_0000L;

    private static final int TRACE_FROM = 3;
    private static final int TRACE_TO = 35;
    private static final int PARENT_FROM = 36;
    private static final int PARENT_TO = 52;
    private static final int FLAGS_FROM = 53;
    private static final int LENGTH = 55;

    /** The trace of a request without a header. */
    public static RequestTrace begin() {
        return begin(null);
    }

    /** Continues the caller's trace if its header is well-formed, and starts one otherwise, as the standard requires. */
    public static RequestTrace begin(@Nullable String traceparent) {
        UUID id = new UUID(PROCESS, ThreadLocalRandom.current().nextLong() & ~VARIANT_MASK | VARIANT);
        if (traceparent == null || !isWellFormed(traceparent)) {
            return new RequestTrace(id, hex(id.getMostSignificantBits()) + hex(id.getLeastSignificantBits()), false);
        }
        boolean sampled = (Character.digit(traceparent.charAt(LENGTH - 1), 16) & 1) == 1;
        return new RequestTrace(id, traceparent.substring(TRACE_FROM, TRACE_TO), sampled);
    }

    /** The header of the answer: the trace, and this service's part of it. */
    public String traceparent() {
        return "00-" + traceId + "-" + hex(id.getLeastSignificantBits()) + (sampled ? "-01" : "-00");
    }

    /** The request as the {@code instance} of a problem (RFC 9457). */
    public String instance() {
        return "urn:uuid:" + id;
    }

    /** The text for log lines. */
    @Override
    public String toString() {
        return "request=" + id + " trace=" + traceId;
    }

    private static String hex(long bits) {
        return HexFormat.of().toHexDigits(bits);
    }

    private static boolean isWellFormed(String text) {
        boolean version = hexAt(text, 0, 2) && !text.startsWith("ff");
        boolean end = text.length() == LENGTH
                || text.length() > LENGTH && !text.startsWith("00") && text.charAt(LENGTH) == '-';
        return end
                && version
                && text.charAt(TRACE_FROM - 1) == '-'
                && idAt(text, TRACE_FROM, TRACE_TO)
                && text.charAt(TRACE_TO) == '-'
                && idAt(text, PARENT_FROM, PARENT_TO)
                && text.charAt(PARENT_TO) == '-'
                && hexAt(text, FLAGS_FROM, LENGTH);
    }

    /** Whether the text is lower-case hexadecimal and not all zeros. */
    private static boolean idAt(String text, int from, int to) {
        return hexAt(text, from, to)
                && text.chars().skip(from).limit((long) to - from).anyMatch(digit -> digit != '0');
    }

    private static boolean hexAt(String text, int from, int to) {
        if (text.length() < to) {
            return false;
        }
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }
}
