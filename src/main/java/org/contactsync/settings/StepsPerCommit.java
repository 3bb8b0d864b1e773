package org.contactsync.settings;

/**
 * How many waiting changes one transaction may take: several of one user, or one of each of several users.
 *
 * @param most {@code STEPS_PER_COMMIT}; 1: each has its own
 */
public record StepsPerCommit(int most) {
    /** As many requests as one user may have waiting. */
    static final int LIMIT = 32;

    public StepsPerCommit {
        if (most < 1 || most > LIMIT) {
            throw new IllegalArgumentException("most: 1 to " + LIMIT);
        }
    }
}
