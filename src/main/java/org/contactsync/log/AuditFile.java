package org.contactsync.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The audit files: one line for each action of an operator. Nothing else is written to them, so that a flood of other lines
 * cannot displace them. The server's log has the same lines. Look-ups, of which a switch makes many, have files of their own, and
 * are not in the server's log. Thread-safe.
 */
public final class AuditFile implements AutoCloseable {
    /** The logger of the lines. */
    public static final String LOGGER = "org.contactsync.audit";

    /** The logger of the lines about look-ups. */
    public static final String LOOKUPS = "org.contactsync.lookups";

    private static final int MOST_BYTES = 5 * 1024 * 1024;
    private static final int MOST_FILES = 10;

    /** A strong reference, because the log manager holds loggers weakly, and the handler is lost with its logger. */
    private final Logger logger;

    private final FileHandler handler;

    private AuditFile(Logger logger, FileHandler handler) {
        this.logger = logger;
        this.handler = handler;
    }

    /**
     * Opens {@code audit.0.log} in the directory, which is created if it does not exist; older files are
     * {@code audit.1.log} to {@code audit.9.log}.
     *
     * @throws IOException if nothing can be written there
     */
    public static AuditFile open(Path directory) throws IOException {
        return open(directory, MOST_BYTES);
    }

    static AuditFile open(Path directory, int mostBytes) throws IOException {
        return open(directory, "audit", LOGGER, mostBytes);
    }

    /**
     * Opens {@code lookups.0.log} in the directory in the same way.
     *
     * @throws IOException if nothing can be written there
     */
    public static AuditFile openLookups(Path directory) throws IOException {
        AuditFile file = open(directory, "lookups", LOOKUPS, MOST_BYTES);
        file.logger.setUseParentHandlers(false);
        return file;
    }

    private static AuditFile open(Path directory, String name, String logger, int mostBytes) throws IOException {
        Files.createDirectories(directory);
        FileHandler handler =
                new FileHandler(directory.resolve(name + ".%g.log").toString(), mostBytes, MOST_FILES, true);
        handler.setFormatter(new Line());
        handler.setEncoding("UTF-8");
        AuditFile file = new AuditFile(Logger.getLogger(logger), handler);
        file.logger.addHandler(handler);
        return file;
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        handler.close();
    }

    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord line) {
            return line.getInstant().truncatedTo(ChronoUnit.MILLIS) + " " + formatMessage(line)
                    + System.lineSeparator();
        }
    }
}
