package org.contactsync.it;

import java.util.Optional;
import java.util.Random;

/** Seeds of tests that do things at random. Whoever uses one prints it, so that a run can be repeated. */
public final class Seed {
    /** Few digits: people type them. */
    private static final long BELOW = 1_000_000;

    private Seed() {}

    /** The system property's value, or a new one when it is not set. */
    public static long of(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .filter(value -> !value.isEmpty())
                .map(Long::parseLong)
                .orElseGet(() -> new Random().nextLong(BELOW));
    }
}
