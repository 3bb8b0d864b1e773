package org.contactsync.client.http;

import java.time.Duration;

/**
 * How often and for how long a request is repeated.
 *
 * @param firstAttempts while the server has never answered: a wrong address should be told soon
 * @param laterAttempts once it has: it may be starting again
 * @param shortest the first delay; each one after it is twice as long
 * @param longest the bound of the delays that the server did not ask for, before {@link #spread}
 */
public record RetryPolicy(int firstAttempts, int laterAttempts, Duration shortest, Duration longest) {
    /** About one second at the first contact, about a minute later: a server starts again in 15 s. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(3, 12, Duration.ofMillis(300), Duration.ofSeconds(8));

    /** A server that asks for more is not waited for: the person may push again later. The bound of protocol §7.4. */
    static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

    public RetryPolicy {
        if (firstAttempts < 1 || laterAttempts < 1) {
            throw new IllegalArgumentException("attempts: at least 1");
        }
        if (shortest.isNegative() || longest.compareTo(shortest) < 0) {
            throw new IllegalArgumentException("shortest: from zero to longest");
        }
    }

    /**
     * Up to half as long again: clients that were refused in the same moment do not come back in the same moment (protocol
     * §7.4).
     *
     * @param random from 0 to 1
     */
    static Duration spread(Duration delay, double random) {
        return delay.plusMillis((long) (delay.toMillis() / 2.0 * random));
    }

    /** @param attempt the one that failed, from 1 */
    Duration delayAfter(int attempt) {
        Duration delay = shortest.multipliedBy(1L << Math.min(attempt - 1, 20));
        return delay.compareTo(longest) > 0 ? longest : delay;
    }
}
