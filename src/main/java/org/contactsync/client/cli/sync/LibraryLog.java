package org.contactsync.client.cli.sync;

import java.io.PrintWriter;
import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.contactsync.client.cli.terminal.SafeText;

/** Shows the warnings of the library as lines, in place of Java's own form; they have no contact data. Thread-safe. */
final class LibraryLog extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("org.contactsync.client");
    private final PrintWriter err;

    private LibraryLog(PrintWriter err) {
        this.err = err;
    }

    static LibraryLog on(PrintWriter err) {
        LibraryLog log = new LibraryLog(err);
        log.setLevel(Level.WARNING);
        log.logger.setUseParentHandlers(false);
        log.logger.addHandler(log);
        return log;
    }

    @Override
    public void publish(LogRecord entry) {
        if (isLoggable(entry)) {
            Object[] parameters = entry.getParameters();
            String text =
                    parameters == null ? entry.getMessage() : MessageFormat.format(entry.getMessage(), parameters);
            err.println("Warning: " + SafeText.line(text));
        }
    }

    @Override
    public void flush() {
        err.flush();
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
