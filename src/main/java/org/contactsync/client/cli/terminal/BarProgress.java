package org.contactsync.client.cli.terminal;

import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Shows progress in one line of a terminal, five times a second: a bar while contacts are sent or read, and what the program is
 * waiting for. The line moves even while the server does not answer. It appears after half a second. Thread-safe; it has a
 * daemon thread of its own.
 */
public final class BarProgress implements CommandProgress {
    private static final long TICK_MILLIS = 200;
    private static final long PATIENCE_NANOS = Duration.ofMillis(500).toNanos();
    private static final int BAR = 24;
    private static final String SPINNER = "|/-\\";
    private static final String BACK_AND_CLEAR = "\r\u001b[K";

    private final Writer terminal;
    private final int columns;
    private final long started = System.nanoTime();
    private @Nullable Thread ticker;
    private String verb = "";
    private long done;
    private long total;
    private String note = "";
    private long retryAt;
    private int attempt;
    private int tick;
    private boolean drawn;
    private boolean closed;

    public BarProgress(Writer terminal, int columns) {
        this.terminal = terminal;
        this.columns = columns;
    }

    @Override
    public synchronized void uploading(long from, long all) {
        begin("Sending", from, all);
    }

    @Override
    public synchronized void acknowledged(long count) {
        done = count;
        retryAt = 0;
        note = "";
    }

    @Override
    public synchronized void uploaded() {
        begin("", 0, 0);
    }

    @Override
    public synchronized void reading(long count, long all) {
        if (!verb.equals("Reading")) {
            begin("Reading", count, all);
        }
        done = count;
        total = Math.max(all, count);
        retryAt = 0;
        note = "";
    }

    @Override
    public synchronized void read() {
        begin("", 0, 0);
    }

    @Override
    public synchronized void retrying(int failed, String reason, Duration delay) {
        attempt = failed;
        note = SafeText.line(reason);
        retryAt = System.nanoTime() + delay.toNanos();
        tick();
    }

    @Override
    public synchronized void waiting(long position) {
        retryAt = 0;
        note = switch ((int) Math.min(position, 2)) {
            case 0 -> "the server is working";
            case 1 -> "waiting for another device";
            default -> "waiting: " + position + " tasks are ahead";
        };
        tick();
    }

    @Override
    public synchronized void comparing() {
        note = "comparing with the book on the server";
        tick();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (drawn) {
            write(BACK_AND_CLEAR);
            drawn = false;
        }
    }

    private void begin(String what, long from, long all) {
        verb = what;
        done = from;
        total = all;
        note = "";
        retryAt = 0;
        tick();
    }

    private void tick() {
        if (ticker == null && !closed) {
            ticker = new Thread(this::run, "progress");
            ticker.setDaemon(true);
            ticker.start();
        }
    }

    private void run() {
        try {
            while (draw()) {
                Thread.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean draw() {
        if (!closed && System.nanoTime() - started >= PATIENCE_NANOS) {
            tick++;
            write(BACK_AND_CLEAR + line());
            drawn = true;
        }
        return !closed;
    }

    /** The line as it is now; never as long as the terminal is wide, so that it does not wrap. */
    private String line() {
        String bar = verb.isEmpty() ? "" : verb + " [" + bar() + "] " + counts() + " ";
        String line = bar + SPINNER.charAt(tick % SPINNER.length()) + " " + waitingFor();
        return line.length() < columns ? line : line.substring(0, columns - 1);
    }

    private String bar() {
        int filled = total == 0 ? BAR : (int) (BAR * Math.min(done, total) / total);
        return "=".repeat(filled) + " ".repeat(BAR - filled);
    }

    private String counts() {
        return String.format(Locale.ROOT, "%,d of %,d contacts", done, total);
    }

    private String waitingFor() {
        if (retryAt == 0) {
            return note;
        }
        long millis = Math.max(0, (retryAt - System.nanoTime()) / 1_000_000);
        String when = millis == 0 ? " now" : " in " + (millis + 999) / 1000 + " s";
        return "waiting for the server, retry " + attempt + when + " (" + note + ")";
    }

    private void write(String text) {
        try {
            terminal.write(text);
            terminal.flush();
        } catch (IOException e) {
            closed = true; // the terminal is gone; the work goes on
        }
    }
}
