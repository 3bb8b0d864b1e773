package org.contactsync.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A flood of failures is a few lines, and none of them is silently forgotten. */
class FailureLogTest {
    private final AtomicLong nanos = new AtomicLong();
    private final LineBudget budget = new LineBudget(nanos::get);
    private final Lines lines = new Lines();
    private final FailureLog log = new FailureLog(lines, budget);

    /** A logger that keeps what it is told. */
    private static final class Lines implements System.Logger {
        private final List<String> written = new ArrayList<>();

        @Override
        public String getName() {
            return "lines";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
            throw new AssertionError("an exception is not for the log");
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, Object... params) {
            written.add(level + " " + text);
        }
    }

    @Test
    void writesEachKindAFewTimesAMinute() {
        for (int i = 0; i < 1_000; i++) {
            log.error("step failed", "task=" + i, new IllegalStateException("secret " + i));
        }
        log.warning("not sent", "task=1", new IllegalStateException("secret"));

        assertThat(lines.written).hasSize(LineBudget.PER_KIND + 1);
        assertThat(lines.written.get(0))
                .startsWith("ERROR step failed: task=0: java.lang.IllegalStateException\n\tat ");
        assertThat(lines.written.get(LineBudget.PER_KIND)).startsWith("WARNING not sent: task=1: ");
        assertThat(lines.written).noneMatch(line -> line.contains("secret"));
    }

    @Test
    void saysWithTheNextLineHowManyWereLeftOut() {
        for (int i = 0; i < 25; i++) {
            log.error("step failed", new IllegalStateException());
        }
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        log.error("step failed", new IllegalStateException());
        log.error("step failed", new IllegalStateException());

        assertThat(lines.written.get(LineBudget.PER_KIND))
                .endsWith("(15 more lines \"step failed: IllegalStateException\" were not logged)");
        assertThat(lines.written.get(LineBudget.PER_KIND + 1)).doesNotContain("not logged");
    }

    @Test
    void boundsAllKindsTogether() {
        for (int i = 0; i < 50; i++) {
            for (int j = 0; j < 50; j++) {
                log.error("kind " + i, new IllegalStateException());
            }
        }

        assertThat(lines.written).hasSize(LineBudget.IN_ALL);
    }

    @Test
    void tellsWhatWasLeftOutOfAFloodThatIsOver() {
        for (int i = 0; i < 25; i++) {
            log.error("step failed", new IllegalStateException());
        }
        assertThat(budget.takeLeftOut()).isEmpty();

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));

        assertThat(budget.takeLeftOut())
                .containsOnlyKeys("step failed: IllegalStateException")
                .containsValue(15L);
        assertThat(budget.takeLeftOut()).isEmpty();
    }

    @Test
    void makesNoTextForALineThatIsNotWritten() {
        for (int i = 0; i < LineBudget.PER_KIND; i++) {
            log.error("answered 500", () -> "x");
        }

        log.error("answered 500", () -> {
            throw new AssertionError("not needed");
        });
    }
}
