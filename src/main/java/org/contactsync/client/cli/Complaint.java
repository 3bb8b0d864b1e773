package org.contactsync.client.cli;

/** Ends the program with one line for the person and an exit code. */
final class Complaint extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    Complaint(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
