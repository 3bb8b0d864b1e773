package org.contactsync.health;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Ends a process that cannot become a service: says why, in one block, and ends with exit code 1. Nothing was promised to anybody
 * by then, so that nothing is closed, which would write more lines behind the block (decision 19).
 */
final class FailedStart {
    private static final Logger LOG = System.getLogger(FailedStart.class.getName());
    private static final int EXIT_CODE = 1;

    private FailedStart() {}

    /** @param faults a sentence each, at least one */
    static void end(List<String> faults) {
        LOG.log(Level.ERROR, text(faults));
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    static String text(List<String> faults) {
        return faults.stream()
                .map(fault -> "  " + fault)
                .collect(Collectors.joining(
                        "\n",
                        "contact-sync does not start. What is wrong:\n",
                        "\nAll settings are described in docs/operations.md."));
    }
}
