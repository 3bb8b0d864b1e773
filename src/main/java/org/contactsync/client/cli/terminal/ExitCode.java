package org.contactsync.client.cli.terminal;

/** The exit codes of the program. They are stable, so that scripts can rely on them. */
public final class ExitCode {
    public static final int OK = 0;
    /** The server refused, the two books do not agree, or a person has to confirm. */
    public static final int REFUSED = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** No answer from the server; push again later. */
    public static final int UNREACHABLE = 3;
    /** The file cannot be read, or is not a contact book. */
    public static final int BAD_FILE = 4;
    /** The token is missing, expired or not accepted. */
    public static final int UNAUTHORIZED = 5;
    /** Another contact-sync works on the same book. */
    public static final int BUSY = 6;
    /** Something that should not happen, e.g. a state that cannot be written. */
    public static final int FAILED = 70;

    private ExitCode() {}
}
