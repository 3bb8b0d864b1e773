package org.contactsync.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Logs failures, without the messages of exceptions and with a limited rate. Exceptions are logged only through this class.
 * Thread-safe.
 */
public final class FailureLog {
    private static final Logger OWN = System.getLogger(FailureLog.class.getName());
    private static final LineBudget BUDGET = new LineBudget(System::nanoTime);
    private static final LongAdder LEFT_OUT = new LongAdder();

    private final Logger logger;
    private final LineBudget budget;

    FailureLog(Logger logger, LineBudget budget) {
        this.logger = logger;
        this.budget = budget;
    }

    /** The log of a class. */
    public static FailureLog of(Class<?> source) {
        return new FailureLog(System.getLogger(source.getName()), BUDGET);
    }

    /** Logs a failure that passes by itself, or is tried again. */
    public void warning(String what, Throwable failure) {
        warning(what, "", failure);
    }

    /**
     * Logs a failure that passes by itself, or is tried again.
     *
     * @param what always the same text for the same kind of failure: lines are counted by it
     * @param context identifiers as key=value, never contact data
     */
    public void warning(String what, String context, Throwable failure) {
        write(Level.WARNING, what, context, failure);
    }

    /**
     * Logs a line without an exception, of something that passes by itself, or is tried again.
     *
     * @param what always the same text for the same kind of failure: lines are counted by it
     * @param context computed only if the line is written
     */
    public void warning(String what, Supplier<String> context) {
        write(Level.WARNING, what, () -> head(what, context.get()));
    }

    /** Logs an unexpected failure. */
    public void error(String what, Throwable failure) {
        error(what, "", failure);
    }

    /**
     * Logs an unexpected failure.
     *
     * @param what always the same text for the same kind of failure: lines are counted by it
     * @param context identifiers as key=value, never contact data
     */
    public void error(String what, String context, Throwable failure) {
        write(Level.ERROR, what, context, failure);
    }

    /**
     * Logs a line without an exception.
     *
     * @param what always the same text for the same kind of failure: lines are counted by it
     * @param context computed only if the line is written
     */
    public void error(String what, Supplier<String> context) {
        write(Level.ERROR, what, () -> head(what, context.get()));
    }

    /** The number of suppressed lines since the start. */
    public static long leftOut() {
        return LEFT_OUT.sum();
    }

    /** Logs how many lines were suppressed after a flood has ended; called periodically. */
    public static void tellLeftOut() {
        for (Map.Entry<String, Long> each : BUDGET.takeLeftOut().entrySet()) {
            OWN.log(Level.WARNING, "not logged: " + each.getValue() + " more lines \"" + each.getKey() + "\"");
        }
    }

    private void write(Level level, String what, String context, Throwable failure) {
        write(
                level,
                what + ": " + FailureText.kind(failure),
                () -> head(what, context) + ": " + FailureText.withFrames(failure));
    }

    private void write(Level level, String kind, Supplier<String> text) {
        long leftOut = budget.ask(kind);
        if (leftOut == LineBudget.NONE) {
            LEFT_OUT.increment();
            return;
        }
        String line = text.get();
        logger.log(
                level, leftOut == 0 ? line : line + "\n(" + leftOut + " more lines \"" + kind + "\" were not logged)");
    }

    private static String head(String what, String context) {
        return context.isEmpty() ? what : what + ": " + context;
    }
}
