package org.contactsync.client.cli.doctor;

import java.util.Optional;

/**
 * What was found out about one thing.
 *
 * @param exitCode how the program ends because of it; 0 unless it is bad
 * @param next what to do, one sentence
 */
record Finding(Level level, String subject, String text, Optional<String> next, int exitCode) {
    enum Level {
        OK,
        WARNING,
        BAD,
        /** It could not be looked at because something else is bad. */
        SKIPPED
    }

    static Finding ok(String subject, String text) {
        return new Finding(Level.OK, subject, text, Optional.empty(), 0);
    }

    static Finding warning(String subject, String text, String next) {
        return new Finding(Level.WARNING, subject, text, Optional.of(next), 0);
    }

    static Finding bad(String subject, String text, String next, int exitCode) {
        return new Finding(Level.BAD, subject, text, Optional.of(next), exitCode);
    }

    static Finding skipped(String subject) {
        return new Finding(Level.SKIPPED, subject, "not looked at", Optional.empty(), 0);
    }
}
