package org.contactsync.broker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Suppresses warnings and errors of the Artemis client and its resource adapter that were logged for the same reason less
 * than a minute ago. While a broker is unavailable or refuses, each session tries again every two seconds, and each attempt
 * would log a stack trace. Thread-safe.
 */
final class RepeatedLines implements Filter {
    private static final long NANOS_APART = 60_000_000_000L;

    /** At most this many different lines are remembered; a forgotten line is logged again. */
    private static final int MOST = 64;

    /** Strong references, because the log manager holds loggers weakly and a filter is lost with its logger. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger("org.apache.activemq.artemis.core.client"),
            Logger.getLogger("org.apache.activemq.artemis.ra"));

    private final LongSupplier nanoTime;

    /** A line that was logged; the server asks about the same record more than once. */
    private record Let(long nanos, long sequenceNumber) {}

    private final Map<String, Let> let = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Let> eldest) {
            return size() > MOST;
        }
    };

    RepeatedLines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    static void keepOut() {
        LOGGERS.forEach(logger -> logger.setFilter(new RepeatedLines(System::nanoTime)));
    }

    @Override
    public boolean isLoggable(LogRecord line) {
        if (line.getLevel().intValue() < Level.WARNING.intValue()) {
            return true;
        }
        String key = line.getMessage() + " " + reason(line.getThrown());
        long now = nanoTime.getAsLong();
        synchronized (let) {
            Let before = let.get(key);
            if (before != null && now - before.nanos() < NANOS_APART) {
                return before.sequenceNumber() == line.getSequenceNumber();
            }
            let.remove(key);
            let.put(key, new Let(now, line.getSequenceNumber()));
            return true;
        }
    }

    /** The innermost cause: the outer exceptions are the same for a certificate and a closed port. */
    private static String reason(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause);
    }
}
