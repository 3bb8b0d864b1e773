package org.contactsync.client.cli;

/** The exit codes of the program. They are stable, so that scripts can rely on them. */
final class ExitCode {
    static final int OK = 0;
    /** The server refused, the two books do not agree, or a person has to confirm. */
    static final int REFUSED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** No answer from the server; push again later. */
    static final int UNREACHABLE = 3;
    /** The file cannot be read, or is not a contact book. */
    static final int BAD_FILE = 4;
    /** The token is missing, expired or not accepted. */
    static final int UNAUTHORIZED = 5;
    /** Another contact-sync works on the same book. */
    static final int BUSY = 6;
    /** Something that should not happen, e.g. a state that cannot be written. */
    static final int FAILED = 70;

    private ExitCode() {}
}
