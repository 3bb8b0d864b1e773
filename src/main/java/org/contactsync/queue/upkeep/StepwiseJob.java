package org.contactsync.queue.upkeep;

import java.util.function.BooleanSupplier;

/**
 * Work that is done in small steps, each a transaction of its own, until there is nothing left or other work should have its turn.
 *
 * @param name for the log
 * @param most steps of one run
 * @param step answers whether it did anything
 */
record StepwiseJob(String name, int most, BooleanSupplier step) {
    /** A job that counts its steps itself. */
    static StepwiseJob of(String name, Runnable work) {
        return new StepwiseJob(name, 1, () -> {
            work.run();
            return false;
        });
    }

    void run() {
        int steps = 0;
        while (steps < most && step.getAsBoolean()) {
            steps++;
        }
    }
}
