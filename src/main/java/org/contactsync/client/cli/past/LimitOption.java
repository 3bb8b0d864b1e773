package org.contactsync.client.cli.past;

import org.contactsync.client.cli.terminal.Complaint;
import org.contactsync.client.cli.terminal.ExitCode;
import picocli.CommandLine.Option;

/** The option that says how many lines there are at most. */
final class LimitOption {
    /** Those of a year of a busy book fit into memory and on no screen. */
    private static final int MOST = 100_000;

    @Option(names = "--limit", paramLabel = "N", description = "Show at most so many; default: ${DEFAULT-VALUE}.")
    private int limit = 50;

    int limit() throws Complaint {
        if (limit < 1 || limit > MOST) {
            throw new Complaint(ExitCode.USAGE, "--limit has to be from 1 to " + MOST + ".");
        }
        return limit;
    }
}
