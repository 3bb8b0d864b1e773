package org.contactsync.client.device;

import java.time.Duration;

/**
 * How a device is kept in agreement.
 *
 * @param mode which way changes go
 * @param winner whose value a field gets that was changed on this device and on another one
 * @param period how often the client looks at both sides without being told, varied by up to half; zero: never
 * @param events whether the client listens to the server's events
 */
public record SyncOptions(Mode mode, Winner winner, Duration period, boolean events) {
    public static final SyncOptions USUAL = new SyncOptions(Mode.TWO_WAY, Winner.DEVICE, Duration.ofMinutes(15), true);

    public SyncOptions {
        if (period.isNegative()) {
            throw new IllegalArgumentException("period: at least zero");
        }
    }

    /** Which way changes go. */
    public enum Mode {
        TWO_WAY,
        /** To the server only: the phone is never written to. Changes of other devices stay on the server. */
        BACKUP
    }

    /** Whose value wins. */
    public enum Winner {
        DEVICE,
        SERVER
    }

    public SyncOptions with(Mode other) {
        return new SyncOptions(other, winner, period, events);
    }

    public SyncOptions with(Winner other) {
        return new SyncOptions(mode, other, period, events);
    }

    /** Only what is asked for: no look by itself, no events. */
    public SyncOptions onRequestOnly() {
        return new SyncOptions(mode, winner, Duration.ZERO, false);
    }

    boolean deviceWins() {
        return winner == Winner.DEVICE;
    }
}
