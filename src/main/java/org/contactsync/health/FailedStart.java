package org.contactsync.health;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Ends a process that cannot start: prints the reasons in one block and exits with code 1. Nothing has been promised to anybody
 * yet, so nothing is closed, which would print more lines after the block (decision 19).
 */
final class FailedStart {
    private static final Logger LOG = System.getLogger(FailedStart.class.getName());
    private static final int EXIT_CODE = 1;

    private FailedStart() {}

    /** @param faults one sentence each, at least one */
    static void end(List<String> faults) {
        LOG.log(Level.ERROR, text(faults));
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    /** Ends a running process that can no longer serve requests. Everything acknowledged is in the database's file. */
    static void endRunning(String reason) {
        LOG.log(Level.ERROR, "contact-sync stops: {0}", reason);
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    static String text(List<String> faults) {
        return faults.stream()
                .map(fault -> "  " + fault)
                .collect(Collectors.joining(
                        "\n",
                        "contact-sync does not start. Faults:\n",
                        "\nAll settings are described in docs/operations.md."));
    }
}
