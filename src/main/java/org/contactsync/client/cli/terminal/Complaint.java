package org.contactsync.client.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Ends the program with a message for the user, optional details and an exit code. */
public final class Complaint extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final ArrayList<String> details;

    public Complaint(int exitCode, String message) {
        this(exitCode, message, List.of());
    }

    /** @param details a line each */
    public Complaint(int exitCode, String message, List<String> details) {
        super(message);
        this.exitCode = exitCode;
        this.details = new ArrayList<>(details);
    }

    int exitCode() {
        return exitCode;
    }

    List<String> details() {
        return List.copyOf(details);
    }
}
