package org.contactsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What comes into the log while a broker is away. */
class RepeatedLinesTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final RepeatedLines filter = new RepeatedLines(nanos::get);

    @Test
    void theSameLineComesOnceAMinute() {
        assertThat(comes(Level.SEVERE, "no connection", new IOException("refused")))
                .isTrue();
        assertThat(comes(Level.SEVERE, "no connection", new IOException("refused")))
                .isFalse();
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(comes(Level.SEVERE, "no connection", new IOException("refused")))
                .isFalse();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(comes(Level.SEVERE, "no connection", new IOException("refused")))
                .isTrue();
    }

    /** Open Liberty asks twice about each record. */
    @Test
    void theSameRecordIsAnsweredTheSame() {
        LogRecord line = new LogRecord(Level.SEVERE, "no connection");

        assertThat(filter.isLoggable(line)).isTrue();
        assertThat(filter.isLoggable(line)).isTrue();
        assertThat(comes(Level.SEVERE, "no connection", null)).isFalse();
        assertThat(filter.isLoggable(line)).isTrue();
    }

    @Test
    void anotherReasonIsAnotherLine() {
        comes(Level.SEVERE, "no connection", new IllegalStateException(new IOException("refused")));

        assertThat(comes(Level.SEVERE, "no connection", new IllegalStateException(new IOException("untrusted"))))
                .isTrue();
        assertThat(comes(Level.SEVERE, "no connection", null)).isTrue();
        assertThat(comes(Level.WARNING, "lost", null)).isTrue();
        assertThat(comes(Level.SEVERE, "no connection", new IllegalStateException(new IOException("refused"))))
                .isFalse();
    }

    @Test
    void whatIsNoWarningAlwaysComes() {
        assertThat(comes(Level.INFO, "connected", null)).isTrue();
        assertThat(comes(Level.INFO, "connected", null)).isTrue();
    }

    /** Reasons that differ each time, by a port for one, must not fill the memory; the oldest are forgotten. */
    @Test
    void remembersABoundedNumber() {
        for (int i = 0; i <= 64; i++) {
            assertThat(comes(Level.WARNING, "line " + i, null)).isTrue();
        }

        assertThat(comes(Level.WARNING, "line 64", null)).isFalse();
        assertThat(comes(Level.WARNING, "line 0", null)).isTrue();
    }

    private boolean comes(Level level, String message, @Nullable Throwable thrown) {
        LogRecord line = new LogRecord(level, message);
        line.setThrown(thrown);
        return filter.isLoggable(line);
    }
}
