package org.contactsync.log;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Describes an exception without its message. Databases put values of rows into messages, and parsers their input;
 * therefore only classes, codes and frames are logged.
 */
public final class FailureText {
    private static final String OURS = "org.contactsync.";

    /** Nested causes; more mean a cycle or a mistake. */
    private static final int MOST_CAUSES = 10;

    /** Frames where it was thrown. */
    private static final int FIRST_FRAMES = 8;

    /** Frames of this service that led there. */
    private static final int OUR_FRAMES = 16;

    private FailureText() {}

    /**
     * The failure in one line: the classes from the outermost to the innermost cause, with SQLSTATE and the database's
     * error code.
     */
    public static String of(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause : causes(failure)) {
            if (!text.isEmpty()) {
                text.append(" < ");
            }
            text.append(cause.getClass().getName());
            if (cause instanceof SQLException sql) {
                text.append(" SQLSTATE=")
                        .append(code(sql.getSQLState()))
                        .append(" code=")
                        .append(sql.getErrorCode());
            }
        }
        return text.toString();
    }

    /** The same with the frames of the innermost cause: the first ones, and those of this service. */
    static String withFrames(Throwable failure) {
        StringBuilder text = new StringBuilder(of(failure));
        List<Throwable> causes = causes(failure);
        int ours = 0;
        int at = 0;
        int left = 0;
        for (StackTraceElement frame : causes.get(causes.size() - 1).getStackTrace()) {
            boolean own = frame.getClassName().startsWith(OURS) && ours < OUR_FRAMES;
            if (own || at < FIRST_FRAMES) {
                text.append("\n\tat ").append(frame);
                ours += own ? 1 : 0;
            } else {
                left++;
            }
            at++;
        }
        return left == 0
                ? text.toString()
                : text.append("\n\t… ").append(left).append(" more").toString();
    }

    /** The class of the innermost cause, without its package. */
    public static String kind(Throwable failure) {
        List<Throwable> causes = causes(failure);
        return causes.get(causes.size() - 1).getClass().getSimpleName();
    }

    private static List<Throwable> causes(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure;
                cause != null && causes.size() < MOST_CAUSES && seen.add(cause);
                cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    /** Five letters and digits, by the standard; anything else is free text. */
    private static String code(@org.jspecify.annotations.Nullable String state) {
        return state != null && state.matches("[0-9A-Z]{5}") ? state : "?";
    }
}
