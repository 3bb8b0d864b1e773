package org.contactsync.it;

import java.util.Optional;
import java.util.Random;

/** Seeds of tests that do things at random. Whoever uses one prints it, so that a run can be repeated. */
public final class Seed {
    /** The environment variable with the seed of all of them: a check of a change must not fail for another reason. */
    public static final String OF_ALL = "SEED";

    /** Few digits: people type them. */
    private static final long BELOW = 1_000_000;

    private Seed() {}

    /** The system property's value; when it is not set, that of {@link #OF_ALL}, or a new one. */
    public static long of(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .filter(value -> !value.isEmpty())
                .or(Seed::ofAll)
                .map(Long::parseLong)
                .orElseGet(() -> new Random().nextLong(BELOW));
    }

    static Optional<String> ofAll() {
        return Optional.ofNullable(System.getenv(OF_ALL)).filter(value -> !value.isEmpty());
    }
}
