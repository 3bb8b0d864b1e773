package org.contactsync.webhook;

import java.time.Duration;

/** How long to wait after failures. */
public final class BackOff {
    /** The wait between attempts at one delivery grows to this. */
    static final Duration LONGEST = Duration.ofHours(1);

    /** The silence towards an endpoint that fails again and again grows to this. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** So many attempts in a row may fail, at whatever deliveries, before the endpoint itself is taken to be in trouble. */
    static final int TROUBLE = 3;

    private static final Duration FIRST = Duration.ofSeconds(1);

    /** 2^20 s are longer than any limit here. */
    private static final int MOST_DOUBLINGS = 20;

    private BackOff() {}

    /**
     * Until the next attempt at a delivery: 1 s, doubled each time up to an hour, of which a random part between a half and all is waited.
     *
     * @param failed attempts, at least one
     * @param random from 0 to 1
     */
    public static Duration ofDelivery(int failed, double random) {
        return jittered(failed - 1, LONGEST, random);
    }

    /**
     * Until the next attempt at any delivery of the endpoint: none after the first two failures in a row, then 1 s, doubled each time up
     * to five minutes.
     *
     * @param failures in a row, at least one
     */
    public static Duration ofEndpoint(int failures, double random) {
        return failures < TROUBLE ? Duration.ZERO : jittered(failures - TROUBLE, LONGEST_PAUSE, random);
    }

    /** Whether so many failures in a row show that the endpoint is in trouble. */
    public static boolean isTrouble(int failures) {
        return failures >= TROUBLE;
    }

    private static Duration jittered(int doublings, Duration longest, double random) {
        long millis =
                Math.min(longest.toMillis(), FIRST.toMillis() << Math.max(0, Math.min(MOST_DOUBLINGS, doublings)));
        return Duration.ofMillis(Math.round(millis * (1 + random) / 2));
    }
}
